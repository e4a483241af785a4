import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startSink, type Sink, type SinkRequest } from '../fakes/sink.ts';
import { startAlertmanager } from './alertmanager.ts';
import { startDropIn } from './drop-in.ts';
import { missingPrograms, olderThan, reportVersions } from './program.ts';

const GROUPS = 250;
const ALERTS = 3;
const ROUNDS = 5;
/** A group is told at most once in a second; nothing more is to come when nobody was told for longer. */
const QUIET_MS = 2_500;
const POLL_MS = 100;

function configuration(url: string): string {
  return `
route: { receiver: all, group_by: [alertname], group_wait: 1s, group_interval: 1s, repeat_interval: 1h, routes: [{ receiver: firing, continue: true }, { receiver: all }] }
receivers:
- name: all
  webhook_configs: [{ url: '${url}/all' }]
- name: firing
  webhook_configs: [{ url: '${url}/firing', send_resolved: false }]
`;
}

type Action = 'nothing' | 'fires' | 'resolves';

/** What becomes of each alert of each group in each round, the same in every run. */
function makeRounds(): readonly (readonly (readonly Action[])[])[] {
  let seed = 20_261_122;
  const pick = <T>(values: readonly T[]): T => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return values[Math.floor((seed / 2_147_483_648) * values.length)]!;
  };
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const firing = new Set<string>();
  return times(ROUNDS, () =>
    times(GROUPS, (group) =>
      times(ALERTS, (alert): Action => {
        const id = `${group}/${alert}`;
        const action = pick<Action>(['nothing', 'nothing', 'fires', 'fires', 'resolves']);
        // What resolves without having fired, or once more, is told by Alertmanager in messages about others, and not here.
        if (action === 'resolves' && !firing.has(id)) return 'nothing';
        if (action === 'fires') firing.add(id);
        else if (action === 'resolves') firing.delete(id);
        return action;
      }),
    ),
  );
}

test('alerts that fire, resolve and fire again in any order are told in the same messages, for the same reasons, as by a real Alertmanager', async (t) => {
  const missing = missingPrograms(['alertmanager']) ?? olderThan('alertmanager', '0.34');
  if (missing !== undefined) return t.skip(missing);
  reportVersions(t, ['alertmanager']);
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-tellings-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const sinks = await Promise.all([startSink(), startSink()]);
  for (const sink of sinks) cleanup.defer(() => sink.close());
  const real = await startAlertmanager({ folder, configuration: configuration(sinks[0].url) });
  cleanup.defer(async () => void (await real.program.stop()));
  const hub = await startDropIn({ folder, configuration: configuration(sinks[1].url) });
  cleanup.defer(async () => void (await hub.program.stop()));

  const rounds = makeRounds();
  for (const groups of rounds) {
    const now = Date.now();
    const alerts = groups.flatMap((actions, group) =>
      actions.flatMap((action, index) => {
        if (action === 'nothing') return [];
        const labels = { alertname: `G${group}`, instance: String(index) };
        // What began long before is told at once, and whatever else is in the same request may come too late for that.
        const at = new Date(now).toISOString();
        return [{ labels, startsAt: at, ...(action === 'fires' ? {} : { endsAt: at }) }];
      }),
    );
    for (const { address } of [real, hub]) {
      const { status } = await fetch(`http://${address}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      assert.equal(status, 200);
    }
    await untilQuiet(sinks);
  }
  const told = () => sinks.map(({ requests }) => tellingsOf(requests));
  const [theirs, ours] = told();
  assert.ok(theirs!.total > GROUPS * 2);
  for (const [key, expected] of theirs!.byGroup) {
    const group = Number(/\d+/.exec(key)![0]);
    assert.deepEqual(
      ours!.byGroup.get(key),
      expected,
      `${key}: ${JSON.stringify(rounds.map((one) => one[group]))}`,
    );
  }
  assert.deepEqual([...ours!.byGroup.keys()].toSorted(), [...theirs!.byGroup.keys()].toSorted());
});

/** There is nothing else to wait for, because who tells nothing says nothing about it. */
async function untilQuiet(sinks: readonly Sink[]): Promise<void> {
  const count = () => sinks.reduce((sum, { requests }) => sum + requests.length, 0);
  let [last, since] = [count(), Date.now()];
  while (Date.now() - since < QUIET_MS) {
    await pause(POLL_MS);
    if (count() !== last) [last, since] = [count(), Date.now()];
  }
}

/** By group and receiver, the messages in their order: reason, status, and which alert is in which state. */
function tellingsOf(requests: readonly SinkRequest[]): {
  readonly total: number;
  readonly byGroup: ReadonlyMap<string, readonly string[]>;
} {
  const byGroup = new Map<string, string[]>();
  for (const { path, body } of requests) {
    const message = JSON.parse(body) as {
      status: string;
      notification_reason: string;
      groupLabels: { alertname: string };
      alerts: { status: string; labels: { instance: string } }[];
    };
    const alerts = message.alerts.map(({ status, labels }) => `${labels.instance} ${status}`).toSorted();
    const key = `${message.groupLabels.alertname}${path}`;
    const telling = `${message.notification_reason}: ${message.status}: ${alerts.join(', ')}`;
    byGroup.set(key, [...(byGroup.get(key) ?? []), telling]);
  }
  return { total: requests.length, byGroup };
}
