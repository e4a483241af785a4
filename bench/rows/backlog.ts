import { everyAlertItsOwnGroup, startHub, TOKEN, type Hub } from '../hub.ts';
import { awaitNothingPending, awaitProcessed, readAlerts } from '../hub-api.ts';
import { forgetPeak, freePort, residentBytes } from '../processes.ts';
import type { Row } from '../row.ts';
import { deal, sendLanes } from '../sender.ts';
import type { Setting } from '../setting.ts';
import { awaitDeliveries, startSink } from '../sink.ts';
import type { Statement } from '../statement.ts';

const CONNECTIONS = 64;
/** Statements about each key while the receiver is down. Every fourth key ends resolved, the others fire. */
const STATEMENTS: readonly Statement['status'][] = ['firing', 'firing', 'resolved', 'firing'];
const RESOLVED_STATEMENTS: readonly Statement['status'][] = ['firing', 'resolved', 'firing', 'resolved'];
/** A breaker that is open asks again after 30 s, a delivery that failed often after a minute. */
const DRAIN_MS = 240_000;
const FIRST_MS = 90_000;
/** A key of its own that is said last. */
const MARKER = -1;

/**
 * The receiver is down: 50,000 signals, several per key. Then it is back, and as soon as the first notification is there, every
 * second key is resolved, in the middle of the draining. A newer notification supersedes older ones that were not sent, so the
 * receiver gets the newest of each key, in order.
 */
export async function measureBacklog(setting: Setting): Promise<readonly Row[]> {
  const { quick, say } = setting;
  const signals = quick ? 5_000 : 50_000;
  const keys = Array.from({ length: signals / STATEMENTS.length }, (_, index) => index);
  const sinkPort = await freePort();
  const hub = await startHub({
    sinkUrl: `http://127.0.0.1:${sinkPort}/`,
    routes: everyAlertItsOwnGroup('1s'),
  });
  try {
    const startedAt = performance.now();
    const accepted = await accept(hub, keys);
    const acceptedMs = performance.now() - startedAt;
    await settle(hub);
    const accepting = residentBytes(hub.pid).peak;
    say(
      `backlog: ${accepted.acknowledged} accepted in ${(acceptedMs / 1000).toFixed(1)} s, at most ${(accepting / 1e6).toFixed(0)} MB`,
    );

    forgetPeak(hub.pid);
    const sink = await startSink('check', sinkPort);
    try {
      const backAt = performance.now();
      await awaitDeliveries(sink, { expected: 1, quietMs: FIRST_MS, limitMs: FIRST_MS });
      const firstMs = performance.now() - backAt;
      await resolveSome(hub, keys);
      await settle(hub);
      const isDrained = await awaitNothingPending(hub.url, DRAIN_MS);
      const drainMs = performance.now() - backAt;
      const draining = residentBytes(hub.pid).peak;
      const seen = await sink.count();
      say(
        `backlog: ${seen.count} told in ${(drainMs / 1000).toFixed(1)} s, at most ${(draining / 1e6).toFixed(0)} MB`,
      );
      const wrong = await findWrong(hub.url, keys, await sink.told());
      const peak = Math.max(accepting, draining) / 1e6;
      return [
        {
          what: 'signals accepted with the receiver down (BR-PERF-005)',
          value: accepted.acknowledged,
          unit: 'count',
          must: { relation: '≥', value: signals },
          figures: [
            { name: 'keys', value: keys.length, unit: 'count' },
            { name: 'refused and sent again', value: accepted.refused, unit: 'count' },
            { name: 'accepted', value: accepted.acknowledged / (acceptedMs / 1000), unit: '/s' },
          ],
        },
        {
          what: 'resident memory, most',
          value: peak,
          unit: 'MB',
          must: { relation: '<', value: 400 },
          aim: { relation: '<', value: 250 },
          figures: [
            { name: 'accepting', value: accepting / 1e6, unit: 'MB' },
            { name: 'draining', value: draining / 1e6, unit: 'MB' },
          ],
          notes: ['the requirements allow 1 GB (BR-PERF-032)'],
        },
        {
          what: 'out of order, not drained, or a wrong last word',
          value: seen.outOfOrder + wrong.length + (isDrained ? 0 : 1),
          unit: 'count',
          must: { relation: '=', value: 0 },
          figures: [
            { name: 'told', value: seen.count, unit: 'count' },
            { name: 'out of order', value: seen.outOfOrder, unit: 'count' },
            { name: 'wrong last word or state', value: wrong.length, unit: 'count' },
            { name: 'first told after', value: firstMs / 1000, unit: 's' },
            { name: 'drained after', value: drainMs / 1000, unit: 's' },
          ],
          notes: [...(isDrained ? [] : [`not drained within ${DRAIN_MS / 1000} s`]), ...wrong.slice(0, 3)],
        },
      ];
    } finally {
      await sink.stop();
    }
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
  }
}

const endsResolved = (key: number): boolean => key % 4 === 0;
/** Fires when the receiver comes back and is resolved while the hub drains. */
const isResolvedLater = (key: number): boolean => !endsResolved(key) && key % 2 === 1;

/** One lane per connection, each with its own keys, so that a key's statements go in order. All keys hear version 1 before any hears 2. */
function accept(hub: Hub, keys: readonly number[]): Promise<{ acknowledged: number; refused: number }> {
  const lanes = deal(keys, CONNECTIONS).map(function* (own) {
    for (let version = 1; version <= STATEMENTS.length; version++) {
      for (const key of own) {
        const status = (endsResolved(key) ? RESOLVED_STATEMENTS : STATEMENTS)[version - 1]!;
        yield [state(key, version, status)];
      }
    }
  });
  return sendLanes({ port: hub.port, token: TOKEN }, lanes);
}

async function resolveSome(hub: Hub, keys: readonly number[]): Promise<void> {
  const lanes = deal(keys.filter(isResolvedLater), CONNECTIONS).map((own) =>
    own.map((key) => [state(key, STATEMENTS.length + 1, 'resolved')]),
  );
  await sendLanes({ port: hub.port, token: TOKEN }, lanes);
}

/** Until everything that was accepted is processed, and the groups' ticks, which are a second apart, have made deliveries of it. */
async function settle(hub: Hub): Promise<void> {
  let last = '';
  const marker = [state(MARKER, 1, 'firing')];
  await sendLanes({ port: hub.port, token: TOKEN }, [[marker]], (receipt) => (last = receipt));
  await awaitProcessed(hub.url, last);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
}

function state(key: number, version: number, status: Statement['status']): Statement {
  const now = new Date().toISOString();
  const startsAt = status === 'firing' ? now : STARTED;
  return {
    key: `backlog-${key}`,
    version,
    status,
    startsAt,
    ...(status === 'resolved' ? { endsAt: now } : {}),
  };
}

/** `startsAt` of what is resolved does not matter to the hub, only that it lies before the end. */
const STARTED = '2026-01-15T10:00:00.000Z';

/** Keys whose state, or whose last word at the receiver, is not what was said last. */
async function findWrong(
  url: string,
  keys: readonly number[],
  told: ReadonlyMap<string, { readonly status: string }>,
): Promise<string[]> {
  const alerts = await readAlerts(url);
  return keys.flatMap((key) => {
    const name = `backlog-${key}`;
    const expected = endsResolved(key) || isResolvedLater(key) ? 'resolved' : 'firing';
    const actual = alerts.get(name)?.status;
    const word = told.get(name)?.status;
    // Whoever never heard "firing" is not told "resolved".
    const isRight =
      actual === expected && (word === expected || (expected === 'resolved' && word === undefined));
    return isRight
      ? []
      : [`${name}: expected ${expected}, is ${actual ?? 'missing'}, receiver heard ${word ?? 'nothing'}`];
  });
}
