import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { startSink, type Sink, type SinkOptions } from '../fakes/sink.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, found, list, processed, sorted, told } from './told.ts';

const MINUTE = 60_000;

/** Every alert is told at once, by itself. */
function direct(sink: Sink, delivery: string): string {
  return `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" }, ${delivery} }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 1m, repeat_interval: 100d }
`;
}

async function fire(hub: Hub, ...names: readonly string[]): Promise<void> {
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...names.map((name) => ({ name })))));
}

/** Waits until so many deliveries are in each of these states and none is in another; `open` are those that wait or are under way. */
async function counted(hub: Hub, wanted: Readonly<Record<string, number>>): Promise<void> {
  await until(`deliveries: ${JSON.stringify(wanted)}`, async () => {
    const counts: Record<string, number> = {};
    for (const { status } of await list(hub, 'deliveries?limit=500')) {
      const name = status === 'pending' || status === 'sending' ? 'open' : status;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return isDeepStrictEqual(counts, wanted);
  });
}

/** Waits until so many attempts of all deliveries have ended. */
async function attempted(hub: Hub, count: number): Promise<void> {
  await until(`${count} attempts`, async () => {
    const counts = (await list(hub, 'deliveries?limit=500')).map(({ attempt_count }) => attempt_count);
    return counts.reduce((sum, one) => sum + one, 0) === count;
  });
}

test('[BR-NOT-011] [BR-ERR-006] [BR-ERR-014] [HNP-075] [BR-REL-004] [BR-REL-014] [ADR4-041] a delivery that fails is tried again, ever later, under one idempotency key, and every attempt is on record', async () => {
  await using sink = await startSink({ answer: (_, number) => (number < 3 ? { status: 500 } : undefined) });
  await using hub = await startHub({ yaml: direct(sink, 'retry: { initial: 10s, factor: 4, max: 1h }') });
  await fire(hub, 'Disk');
  await sink.received(1);
  const waiting = async (attempts: number) =>
    found(hub, 'deliveries', (item) => item.status === 'pending' && item.attempt_count === attempts);
  const waitOf = async (attempts: number) => Date.parse((await waiting(attempts)).due_at) - hub.now();

  const first = await waitOf(1);
  assert.ok(first > 0 && first <= 10_000, `${first} ms after the first`);
  assert.equal((await waiting(1)).fault.code, 'SB_UNAVAILABLE');
  await hub.forward(10_000);
  await sink.received(2);
  const second = await waitOf(2);
  assert.ok(second > 9_000 && second <= 40_000, `${second} ms after the second`);
  await hub.forward(40_000);
  await sink.received(3);

  const { id } = await found(hub, 'deliveries?status=delivered');
  const { attempts, ...delivery } = (await hub.get(`/api/v1/deliveries/${id}`)).json;
  const outcomes = attempts.map(({ outcome, code }: Record<string, string>) => [outcome, code]);
  const failed = ['failed', 'SB_UNAVAILABLE'];
  assert.deepEqual(outcomes, [failed, failed, ['delivered', undefined]]);
  assert.match(attempts[0].detail, /500/);
  assert.ok(
    attempts.every((attempt: Record<string, string>) => attempt['started_at']! <= attempt['ended_at']!),
  );
  assert.equal(delivery.attempt_count, 3);
  assert.deepEqual(new Set(sink.requests.map(({ headers }) => headers['idempotency-key'])), new Set([id]));
});

test('[BR-NOT-011] [ADR6-065] a receiver that says Retry-After is left alone for that long, and nothing counts against it', async () => {
  await using sink = await startSink({
    answer: (_, number) => (number === 1 ? { status: 429, headers: { 'retry-after': '600' } } : undefined),
  });
  await using hub = await startHub({
    yaml: direct(sink, 'retry: { initial: 1s, max: 1s }, breaker: { failures: 1 }'),
  });
  await fire(hub, 'One');
  await found(hub, 'deliveries', ({ status, attempt_count }) => status === 'pending' && attempt_count === 1);
  await fire(hub, 'Two');
  await hub.forward(9 * MINUTE);
  await counted(hub, { open: 2 });
  assert.equal(sink.requests.length, 1, 'ten minutes are not over');
  await hub.forward(MINUTE);
  await counted(hub, { delivered: 2 });
  assert.deepEqual(sorted(sink.requests.slice(1).map(told)), ['firing: One firing', 'firing: Two firing']);
});

test('[BR-NOT-011] [VPA-025] [ADR6-039] an integration is sent no more than its rate, and the rest follows when it may', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: direct(sink, 'rate: { requests: 2, per: 1m }') });
  await fire(hub, 'A', 'B', 'C', 'D', 'E');
  await counted(hub, { delivered: 2, open: 3 });
  await hub.forward(MINUTE);
  await counted(hub, { delivered: 4, open: 1 });
  await hub.forward(MINUTE);
  await counted(hub, { delivered: 5 });
  assert.equal(new Set(sink.requests.map(told)).size, 5);
});

test('[BR-REL-007] [HNP-074] [ADR6-050] [BR-REL-006] after failures in a row the circuit breaker leaves the receiver alone, one delivery probes, then all follow', async () => {
  let isUp = false;
  await using sink = await startSink({ answer: () => ({ status: isUp ? 200 : 503 }) });
  await using hub = await startHub({
    yaml: direct(
      sink,
      'concurrency: 1, retry: { initial: 1s, max: 1s }, breaker: { failures: 2, cooldown: 5m }',
    ),
  });
  await fire(hub, 'A', 'B', 'C', 'D');
  await attempted(hub, 2);
  await hub.forward(MINUTE);
  await fire(hub, 'E');
  await counted(hub, { open: 5 });
  assert.equal(sink.requests.length, 2, 'it is left alone');
  const ready = async () => {
    const { parts } = (await hub.get('/readyz?verbose')).json;
    return parts.find(({ part }: { part: string }) => part === 'integration:pager').ready;
  };
  assert.equal(await ready(), false);

  await hub.forward(4 * MINUTE);
  await attempted(hub, 3);
  assert.equal(sink.requests.length, 3, 'one probe, which fails, and rest again');
  isUp = true;
  await hub.forward(5 * MINUTE);
  await counted(hub, { delivered: 5 });
  assert.equal(await ready(), true);
});

/** A receiver that takes requests and answers none of them before it is let go. */
function holding(): { readonly options: SinkOptions; release(): void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { options: { answer: () => promise }, release: () => resolve(undefined) };
}

test('[BR-REL-003] [BR-REL-009] [HNP-035] a slow receiver holds up nobody else, and not the intake', async () => {
  const slow = holding();
  await using tar = await startSink(slow.options);
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  tar: { connector: webhook, config: { url: "${tar.url}" }, concurrency: 1, timeout: 5m }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: tar }, { integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s }
`,
  });
  await fire(hub, 'A', 'B', 'C');
  await sink.received(3);
  await fire(hub, 'D', 'E');
  await sink.received(5);
  await counted(hub, { delivered: 5, open: 5 });
  assert.equal(tar.requests.length, 1);
  slow.release();
  await tar.received(5);
  await counted(hub, { delivered: 10 });
});

test('[BR-NOT-014] what is critical overtakes warnings and informational messages that wait', async () => {
  const slow = holding();
  await using sink = await startSink(slow.options);
  await using hub = await startHub({ yaml: direct(sink, 'concurrency: 1, timeout: 5m') });
  await fire(hub, 'First');
  await sink.received(1);
  for (const severity of ['info', 'warning', 'critical']) {
    const two = [1, 2].map((number) => ({ name: `${severity}${number}`, severity }));
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...two)));
    await found(hub, `deliveries?priority=${severity}`);
  }
  // Rows are seen a moment before their commit is on the disk and what they say may go. What comes after them is processed later than that.
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'info3', severity: 'info' })));
  await counted(hub, { open: 8 });
  slow.release();
  await sink.received(8);
  const order = sink.requests.slice(1).map((request) => /(critical|warning|info)/.exec(told(request))?.[1]);
  assert.deepEqual(order, ['critical', 'critical', 'warning', 'warning', 'info', 'info', 'info']);
});

test('[BR-ERR-009] [BR-ERR-015] [BR-NOT-013] [BR-NOT-011] past its deadline a delivery is a dead letter; a person sends it again and it arrives', async () => {
  let isUp = false;
  await using sink = await startSink({ answer: () => ({ status: isUp ? 200 : 502 }) });
  await using hub = await startHub({
    yaml: direct(sink, 'deadline: 10m, retry: { initial: 1m, max: 1m }, breaker: { failures: 100 }'),
  });
  await fire(hub, 'Disk');
  await sink.received(1);
  await counted(hub, { open: 1 });
  await hub.forward(11 * MINUTE);
  const letter = await found(hub, 'dead-letters?kind=delivery');
  assert.match(letter.reason, /502/);
  assert.equal(letter.delivery.status, 'dead');
  const seen = sink.requests.length;

  isUp = true;
  const redriven = await hub.post(`/api/v1/dead-letters/${letter.id}/redrive`);
  assert.deepEqual([redriven.status, redriven.json.outcome], [200, 'redriven']);
  await sink.received(seen + 1);
  await counted(hub, { delivered: 1 });
  assert.deepEqual(await list(hub, 'dead-letters'), []);
  assert.equal(new Set(sink.requests.map(({ headers }) => headers['idempotency-key'])).size, 1);
  assert.equal((await hub.post(`/api/v1/dead-letters/${letter.id}/redrive`)).status, 404);
  assert.equal((await hub.post(`/api/v1/deliveries/${letter.id}/redrive`)).status, 409, 'it was delivered');
});

test('[BR-ERR-009] what a receiver will never accept is a dead letter at once, with its answer; a person may give it up', async () => {
  await using sink = await startSink({ answer: () => ({ status: 400 }) });
  await using hub = await startHub({ yaml: direct(sink, 'retry: { initial: 1s, max: 1s }') });
  await fire(hub, 'Disk');
  const letter = await found(hub, 'dead-letters');
  assert.equal(letter.delivery.fault.code, 'SB_REJECTED');
  assert.equal((await hub.post(`/api/v1/dead-letters/${letter.id}/discard`)).status, 200);
  await counted(hub, { discarded: 1 });
  assert.equal(sink.requests.length, 1);
});

test('[BR-NOT-015] [BR-REL-013] hundreds of notifications go out as one stream: each once, over a few connections', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: direct(sink, 'concurrency: 8') });
  const names = Array.from({ length: 400 }, (_, index) => `Alert${index}`);
  await fire(hub, ...names);
  await sink.received(400);
  await counted(hub, { delivered: 400 });
  assert.deepEqual(sorted(sink.requests.map(told)), sorted(names.map((name) => `firing: ${name} firing`)));
  assert.ok(sink.connections() <= 8, `${sink.connections()} connections`);
});

test('[BR-REL-013] [BR-WH-008] never two notifications for one event: repeats, other senders and a restart add none', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: direct(sink, '') });
  const again = (annotation: string) => {
    const body = alertmanagerBody({ name: 'Disk' });
    return hub.send('/hooks/prom', { ...body, externalURL: `http://${annotation}.example.org` });
  };
  await Promise.all(['a', 'a', 'b', 'c', 'b'].map(again));
  await sink.received(1);
  await counted(hub, { delivered: 1 });
  await hub.restart();
  await processed(hub, await again('d'));
  await hub.forward(60 * MINUTE);
  await fire(hub, 'Other');
  await sink.received(2);
  assert.deepEqual(sink.requests.map(told), ['firing: Disk firing', 'firing: Other firing']);
});

test('[BR-NOT-011] of two deliveries that wait for their next attempt, the later one goes as well when its time has come', async () => {
  let isUp = false;
  await using sink = await startSink({ answer: () => ({ status: isUp ? 200 : 500 }) });
  await using hub = await startHub({ yaml: direct(sink, 'retry: { initial: 10h, max: 10h }') });
  await fire(hub, 'A', 'B');
  const waiting = await until('both have failed', async () => {
    const items = await list(hub, 'deliveries?status=pending');
    return items.every(({ attempt_count }) => attempt_count === 1) && items.length === 2 && items;
  });
  isUp = true;
  const [first, second] = waiting.map(({ due_at }) => Date.parse(due_at)).sort((a, b) => a - b);
  await hub.forward(first! - hub.now());
  await counted(hub, { delivered: 1, open: 1 });
  await hub.forward(second! - hub.now());
  await counted(hub, { delivered: 2 });
});

test('[BR-REL-004] [HNP-049] a delivery that waits for its next attempt survives a restart with its schedule and its key', async () => {
  await using sink = await startSink({ answer: (_, number) => (number === 1 ? { status: 500 } : undefined) });
  await using hub = await startHub({ yaml: direct(sink, 'retry: { initial: 20m, max: 20m }') });
  await fire(hub, 'Disk');
  await counted(hub, { open: 1 });
  const before = await found(hub, 'deliveries?status=pending', ({ attempt_count }) => attempt_count === 1);
  await hub.restart();
  assert.equal((await found(hub, 'deliveries')).due_at, before.due_at);
  assert.equal(sink.requests.length, 1);
  await hub.forward(20 * MINUTE);
  await sink.received(2);
  await counted(hub, { delivered: 1 });
  assert.equal(sink.requests[1]!.headers['idempotency-key'], before.id);
});

test('[BR-CFG-008] the health of an integration is what its deliveries found, also when nobody asked /readyz', async () => {
  await using sink = await startSink({ answer: () => ({ status: 500 }) });
  await using hub = await startHub({ yaml: direct(sink, 'retry: { initial: 1h }') });
  await fire(hub, 'Disk');
  await found(hub, 'deliveries', ({ attempt_count }) => attempt_count === 1);
  const { health } = (await hub.get('/api/v1/integrations/pager')).json;
  assert.equal(health.status, 'degraded');
  assert.equal(health.failures, 1);
});
