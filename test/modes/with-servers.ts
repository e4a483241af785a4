import { after, describe, test, type TestContext } from 'node:test';
import { openSharedPlace, type SharedPlace } from './place.ts';
import { givenServers, startSharedServers, type JournalKind, type SharedServers } from './servers.ts';

let places = 0;

type Tests = (open: (t: TestContext) => Promise<SharedPlace>) => void;

/**
 * Stories of several nodes on PostgreSQL and Kafka: on the servers that `npm run test:interop` has started, or on some of this file's own. Without
 * them there is one skipped test that says why.
 */
export function withServers(name: string, tests: Tests): Promise<void> {
  return tellOn('kafka', name, tests);
}

/** Stories of several nodes that have PostgreSQL and nothing else. */
export function withoutKafka(name: string, tests: Tests): Promise<void> {
  return tellOn('postgres', `${name}, without Kafka`, tests);
}

/** The same stories with the journal in Kafka and in PostgreSQL. */
export async function withEachJournal(name: string, tests: Tests): Promise<void> {
  await withServers(name, tests);
  await withoutKafka(name, tests);
}

async function tellOn(journal: JournalKind, name: string, tests: Tests): Promise<void> {
  const servers = await findServers(journal);
  if ('missing' in servers) return void test(name, { skip: servers.missing });
  describe(name, () =>
    tests(async (t) => {
      const place = await openSharedPlace(servers, `nodes-${process.pid}-${++places}`);
      t.after(() => place.remove());
      return place;
    }),
  );
}

async function findServers(journal: JournalKind): Promise<SharedServers | { readonly missing: string }> {
  const given = givenServers();
  if (given && journal === 'postgres') return { postgres: given.postgres };
  if (given) return given.kafka === undefined ? { missing: 'these stories are run without Kafka' } : given;
  const started = await startSharedServers(journal);
  if (!('missing' in started)) after(() => started.stop());
  return started;
}
