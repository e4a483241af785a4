import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { runCli, temporaryFolder } from '../../src/cli/testing/run-cli.ts';
import { startSink } from '../fakes/sink.ts';
import { startKafka } from '../servers/kafka.ts';
import { until } from '../harness.ts';
import { openSharedPlace } from './place.ts';
import { alertmanagerBody, sorted, told } from '../stories/told.ts';
import { query, startNode, untilShared, type Node } from './node.ts';
import { withServers } from './with-servers.ts';

function yaml(sinkURL: string): string {
  return `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sinkURL}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 100d }
`;
}

/** The parts that keep the node from being ready; undefined while it is ready. */
async function troubleOf(node: Node): Promise<readonly { part: string; detail: string }[] | undefined> {
  const { status, json } = await node.get('/readyz');
  return status === 503 ? json.parts.filter(({ required }: { required: boolean }) => required) : undefined;
}

await withServers('servers that answer and do nothing', (open) => {
  test('[BR-REL-009] [HNP-045] a broker that takes connections and never says a word stops the start within a bounded time, with the setting', async (t) => {
    const place = await open(t);
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    t.after(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const { code, stderr } = await runCli(['serve', '--listen', '127.0.0.1:0'], {
      folder: await temporaryFolder(t),
      env: { ...place.env, SIGNALBOX_JOURNAL_URL: `kafka://hub:pa55word@127.0.0.1:${port}/ops?sasl=plain` },
    });
    assert.match(stderr, /^journal\.url: Kafka \(127\.0\.0\.1:\d+\) failed while the journal was opened: /);
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /pa55word|^\s+at /m);
  });

  test('[BR-WH-007] [BR-WH-011] [BR-REL-004] a broker that answers and commits nothing: 503 for senders, /readyz names the journal, and everything acknowledged is told once it commits again', async (t) => {
    const kafka = await startKafka({ brokers: 3 });
    if ('missing' in kafka) return t.skip(kafka.missing);
    t.after(() => kafka.stop());
    const { servers, name } = await open(t);
    await using place = await openSharedPlace(
      { ...servers, kafka: kafka.bootstrap.join(',') },
      `${name}-copies`,
    );
    await using sink = await startSink();
    await using node = await startNode(place, { name: 'a', yaml: yaml(sink.url) });
    await untilShared(place, [node]);
    const send = (alert: string) => node.post('/hooks/prom', alertmanagerBody({ name: alert }));
    assert.equal((await send('Before')).status, 202);
    await sink.received(1);

    // The one that is left takes connections and requests, and may say of no record that it is safe.
    await Promise.all([kafka.kill9(1), kafka.kill9(2)]);
    const refused = await until('a signal is refused', async () => {
      const answer = await send('During');
      return answer.status !== 202 && answer;
    });
    assert.equal(refused.status, 503);
    assert.ok(refused.headers.has('retry-after'));
    const [part] = await until('/readyz tells', () => troubleOf(node));
    assert.equal(part?.part, 'journal');
    assert.match(part.detail, /^can't be written: /);

    for (const broker of [1, 2]) await kafka.startBroker(broker);
    await until('a signal is taken again', async () => (await send('After')).status === 202);
    await until('it is ready', async () => (await troubleOf(node)) === undefined);
    const heardOf = (alert: string) => sink.requests.some((one) => told(one) === `firing: ${alert} firing`);
    await until('what was acknowledged is told', () => ['Before', 'After'].every(heardOf));
    const heard = sorted(sink.requests.map(told));
    assert.deepEqual(heard, sorted([...new Set(heard)]), 'each once');
  });

  test('[BR-REL-009] [BR-WH-007] a database that refuses every write: signals are taken, /readyz says what waits, and all of them are told once when it writes again', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    await using node = await startNode(place, { name: 'a', yaml: yaml(sink.url) });
    await untilShared(place, [node]);
    const name = new URL(place.storageUrl).pathname.slice(1);
    const setReadOnly = async (isReadOnly: boolean): Promise<void> => {
      const { postgres } = place.servers;
      await query(postgres, `ALTER DATABASE "${name}" SET default_transaction_read_only = ${isReadOnly}`);
      // Whoever is connected keeps what it began with.
      await query(
        postgres,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      );
    };
    await setReadOnly(true);
    const trouble = await until('/readyz tells', async () => {
      const parts = await troubleOf(node);
      return parts?.some(({ part }) => part === 'store') && parts;
    });
    assert.match(trouble.find(({ part }) => part === 'store')!.detail, /PostgreSQL: .*only reads/);
    assert.equal((await node.post('/hooks/prom', alertmanagerBody({ name: 'During' }))).status, 202);
    await setReadOnly(false);
    await sink.received(1);
    await until('it is ready', async () => (await troubleOf(node)) === undefined);
    assert.deepEqual(sink.requests.map(told), ['firing: During firing']);
  });
});
