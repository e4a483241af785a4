import { after, test, type TestContext } from 'node:test';
import { openSharedPlace, type SharedPlace } from './place.ts';
import { givenServers, startSharedServers } from './servers.ts';

let places = 0;

/**
 * Stories of several nodes: on the servers that `npm run test:interop` has started, or on some of this file's own. Without PostgreSQL or Kafka
 * there is one skipped test that says why.
 */
export async function withServers(
  name: string,
  tests: (open: (t: TestContext) => Promise<SharedPlace>) => void,
): Promise<void> {
  const given = givenServers();
  const started = given ? undefined : await startSharedServers();
  if (started && 'missing' in started) return void test(name, { skip: started.missing });
  if (started) after(() => started.stop());
  const servers = (given ?? started)!;
  tests(async (t) => {
    const place = await openSharedPlace(servers, `nodes-${process.pid}-${++places}`);
    t.after(() => place.remove());
    return place;
  });
}
