import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openPostgresJournal } from '../../journal/postgres/journal.ts';
import { createIds } from '../../lib/id.ts';
import { freePort } from '../../../test/interop/program.ts';
import { withPostgres } from '../../store/postgres/testing/with-postgres.ts';
import { runCli, temporaryFolder } from '../testing/run-cli.ts';

const newId = createIds(() => Date.now());
const prepare = () => Promise.resolve();

async function checkJournal(t: TestContext, url: string): Promise<{ status: string; detail: string }> {
  const env = { SIGNALBOX_STORAGE_URL: url, SIGNALBOX_JOURNAL_URL: url };
  const folder = await temporaryFolder(t);
  const { stdout } = await runCli(['doctor', '--json'], { folder, env });
  return JSON.parse(stdout).checks.shared_journal;
}

await withPostgres(
  'doctor and the journal in PostgreSQL',
  (server) => {
    test('[HNP-046] doctor says what the journal holds, and what does not fit or can’t be reached', async (t) => {
      const url = await server.newDatabase();
      assert.match((await checkJournal(t, url)).detail, /no node has made the journal yet/);
      const journal = await openPostgresJournal({ settings: { url, partitions: 4 }, newId });
      await journal.append([{ key: 'k', at: 1, value: 'x'.repeat(2_000) }]);
      await journal.close();
      const { status, detail } = await checkJournal(t, url);
      assert.deepEqual([status, detail], ['ok', '4 partitions hold 2.0 KiB of 10.0 GiB']);
      assert.match((await checkJournal(t, `${url}?partitions=8`)).detail, /has 4 partitions, not 8/);
      const away = await checkJournal(t, `postgres://hub:secret@127.0.0.1:${await freePort()}/none`);
      assert.equal(away.status, 'failed');
      assert.doesNotMatch(away.detail, /secret/);
    });
  },
  { prepare, fsync: true },
);

await withPostgres(
  'doctor and a PostgreSQL that does not sync',
  (server) => {
    test('[HNP-046] doctor says that signals would be lost', async (t) => {
      const url = await server.newDatabase();
      await (await openPostgresJournal({ settings: { url }, newId })).close();
      const { status, detail } = await checkJournal(t, url);
      assert.equal(status, 'failed');
      assert.match(detail, /fsync=off: a power cut loses what was acknowledged/);
    });
  },
  { prepare },
);
