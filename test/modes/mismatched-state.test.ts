import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { runCli, temporaryFolder } from '../../src/cli/testing/run-cli.ts';
import { until } from '../harness.ts';
import { alertmanagerBody } from '../stories/told.ts';
import { listOf, query, startNode, untilShared } from './node.ts';
import { openSharedPlace, PARTITIONS, type SharedPlace } from './place.ts';
import { atCluster } from './topics.ts';
import { withServers } from './with-servers.ts';

const YAML = `
integrations: { prom: { connector: alertmanager } }
receivers: { none: [] }
routes: { receiver: none }
`;

/** A hub has taken an alert at this place, and has ended. */
async function useOnce(place: SharedPlace, name: string): Promise<void> {
  await using node = await startNode(place, { name: 'first', yaml: YAML });
  await untilShared(place, [node]);
  assert.equal((await node.post('/hooks/prom', alertmanagerBody({ name }))).status, 202);
  await until('the alert is there', async () => (await listOf(node, 'alerts')).length === 1);
  assert.equal(await node.stop(), 0);
}

/** The next hub at this place starts, is ready and knows the alert. */
async function findAgain(place: SharedPlace, name: string): Promise<void> {
  await using node = await startNode(place, { name: 'next', yaml: YAML });
  await until('it is ready', async () => (await node.get('/readyz')).status === 200);
  assert.deepEqual(
    (await listOf(node, 'alerts')).map(({ labels }) => labels.alertname),
    [name],
  );
}

async function refuse(t: TestContext, env: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder(t);
  const result = await runCli(['serve', '--listen', '127.0.0.1:0'], { folder, env });
  assert.doesNotMatch(result.stderr, /^\s+at /m, 'no stack');
  return result;
}

await withServers('state that does not fit', (open) => {
  test('[HNP-038] [HNP-090] an empty database gets the schema; one of a newer program is refused and left as it is', async (t) => {
    const place = await open(t);
    const empty = await openSharedPlace(place.servers, `${place.name}-empty`, { schema: false });
    t.after(() => empty.remove());
    await useOnce(empty, 'Disk');
    const change = (sql: string) => query(empty.storageUrl, sql);
    await change(
      `INSERT INTO schema_versions SELECT 999, 'from the future', 999, applied_at FROM schema_versions LIMIT 1`,
    );
    const { code, stderr } = await refuse(t, empty.env);
    assert.match(
      stderr,
      /^storage\.url: The database has store schema 999, .*Start the newer program that wrote it, or restore a backup/,
    );
    assert.equal(code, 1);
    await change('DELETE FROM schema_versions WHERE version = 999');
    await findAgain(empty, 'Disk');
  });

  test('[HNP-038] a database with tables of something else is refused and left as it is', async (t) => {
    const place = await open(t);
    const foreign = await openSharedPlace(place.servers, `${place.name}-foreign`, { schema: false });
    t.after(() => foreign.remove());
    await query(foreign.storageUrl, 'CREATE TABLE alerts (flower TEXT)');
    const { code, stderr } = await refuse(t, foreign.env);
    assert.match(stderr, /^storage\.url: .*name a database of its own in storage\.url$/m);
    assert.equal(code, 2);
    const tables = await query<{ name: string }>(
      foreign.storageUrl,
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['alerts'],
    );
  });

  test('[BR-REL-011] the database of one cluster and the journal of another are refused, also the file in the data folder; put right, nothing is missing', async (t) => {
    const [one, two] = [await open(t), await open(t)];
    await useOnce(one, 'One');
    await useOnce(two, 'Two');
    const mixed = await refuse(t, { ...one.env, SIGNALBOX_JOURNAL_URL: two.journalUrl });
    assert.match(
      mixed.stderr,
      /^The store belongs to the journal of cluster .*storage\.url and journal\.url say which two are meant/,
    );
    assert.equal(mixed.code, 2);
    const forgotten = await refuse(t, { SIGNALBOX_STORAGE_URL: one.storageUrl });
    assert.match(
      forgotten.stderr,
      /storage\.url and the journal in storage\.path .* say which two are meant/,
    );
    assert.equal(forgotten.code, 2);
    await findAgain(one, 'One');
    await findAgain(two, 'Two');
  });

  test('[BR-WH-010] [BR-REL-011] other partitions than the topic has are refused, and a topic that got more of them, or is gone', async (t) => {
    const place = await open(t);
    await useOnce(place, 'Disk');
    const wrong = await refuse(t, {
      ...place.env,
      SIGNALBOX_JOURNAL_URL: place.journalUrl.replace(`partitions=${PARTITIONS}`, 'partitions=8'),
    });
    assert.match(
      wrong.stderr,
      /^journal\.url: Topic \S+-signals has 4 partitions, not 8; set partitions=4 in journal\.url/,
    );
    assert.equal(wrong.code, 2);
    await findAgain(place, 'Disk');

    const topic = `${place.name}-signals`;
    await atCluster(place.servers, (admin) =>
      admin.createPartitions({ topics: [{ name: topic, count: 2 * PARTITIONS, assignments: null }] }),
    );
    const grown = await refuse(t, {
      ...place.env,
      SIGNALBOX_JOURNAL_URL: place.journalUrl.replace(/\?.*/, ''),
    });
    assert.match(
      grown.stderr,
      /^journal\.url: Topic \S+-signals has 8 partitions and began with 4: .*begin with another prefix$/m,
    );
    assert.equal(grown.code, 2);

    await atCluster(place.servers, (admin) => admin.deleteTopics({ topics: [topic] }));
    const gone = await refuse(t, place.env);
    assert.match(
      gone.stderr,
      /^journal\.url: Topic \S+-signals is gone, and what was in it\. Restore it, or/,
    );
    assert.equal(gone.code, 2);
  });
});
