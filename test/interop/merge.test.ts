import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startAlertmanager } from './alertmanager.ts';
import { startDropIn } from './drop-in.ts';
import { missingPrograms, reportVersions } from './program.ts';

const CONFIGURATION = `
route: { receiver: nobody, group_wait: 1h }
receivers: [{ name: nobody }]
`;
/**
 * Seconds before and after now; what is near now would depend on how long the test takes. Ends lie in the past, before starts that are known, and
 * before their own starts, too.
 */
const STARTS = [-900, -600, -300, -120, 900];
const ENDS = [undefined, 300, 600, 1_200, -1_000, -750, -450, -200, -60];
const SEQUENCES = 300;
const LONGEST = 6;
/** Both are asked at slightly different times, and time-outs count from when each was told. */
const TOLERANCE_MS = 20_000;

interface Posted {
  readonly startsAt: string;
  readonly endsAt?: string;
}

/** Sequences of updates of one alert each, the same in every run. */
function makeSequences(now: number): readonly (readonly Posted[])[] {
  let seed = 20_261_121;
  const pick = <T>(values: readonly T[]): T => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return values[Math.floor((seed / 2_147_483_648) * values.length)]!;
  };
  const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString();
  return Array.from({ length: SEQUENCES }, () =>
    Array.from({ length: pick(Array.from({ length: LONGEST }, (_, index) => index + 1)) }, () => {
      const end = pick(ENDS);
      return { startsAt: at(pick(STARTS)), ...(end === undefined ? {} : { endsAt: at(end) }) };
    }),
  );
}

test('updates of an alert, in whatever order their times lie, are merged and refused as by a real Alertmanager', async (t) => {
  const missing = missingPrograms(['alertmanager']);
  if (missing !== undefined) return t.skip(missing);
  reportVersions(t, ['alertmanager']);
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-merge-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const hub = await startDropIn({ folder, configuration: CONFIGURATION });
  cleanup.defer(async () => void (await hub.program.stop()));
  const real = await startAlertmanager({ folder, configuration: CONFIGURATION });
  cleanup.defer(async () => void (await real.program.stop()));

  const addresses = [real.address, hub.address];
  const now = Date.now();
  const sequences = makeSequences(now);
  for (let round = 0; round < LONGEST; round++) {
    const alerts = sequences.flatMap((sequence, index) => {
      const posted = sequence[round];
      if (posted === undefined) return [];
      return [{ ...posted, labels: { alertname: `A${index}` }, annotations: { round: String(round) } }];
    });
    // Those that are not in order are refused, and the others of the same request taken.
    const status = alerts.every((alert) => isInOrder(alert, now)) ? 200 : 400;
    for (const address of addresses) assert.equal(await post(address, alerts), status);
  }
  const [expected, found] = await Promise.all(addresses.map(readAlerts));
  assert.ok(expected!.size > SEQUENCES / 4 && expected!.size < SEQUENCES, 'some fire and some do not');
  assert.deepEqual([...found!.keys()].toSorted(), [...expected!.keys()].toSorted());
  for (const [name, alert] of expected!) {
    const own = found!.get(name)!;
    const about = `${name}: ${JSON.stringify(sequences[Number(name.slice(1))])}`;
    for (const key of ['startsAt', 'endsAt'] as const) {
      const distance = Math.abs(Date.parse(own[key]) - Date.parse(alert[key]));
      assert.ok(distance < TOLERANCE_MS, `${key} is ${own[key]}, not ${alert[key]}; ${about}`);
    }
    assert.deepEqual(own.annotations, alert.annotations, about);
  }
});

/** One without an end ends five minutes after it was posted. */
function isInOrder({ startsAt, endsAt }: Posted, now: number): boolean {
  return Date.parse(startsAt) <= (endsAt === undefined ? now + 300_000 : Date.parse(endsAt));
}

async function post(address: string, alerts: readonly object[]): Promise<number> {
  const answer = await fetch(`http://${address}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  return answer.status;
}

interface Known {
  readonly labels: { readonly alertname: string };
  readonly annotations: object;
  readonly startsAt: string;
  readonly endsAt: string;
}

async function readAlerts(address: string): Promise<ReadonlyMap<string, Known>> {
  const alerts = (await (await fetch(`http://${address}/api/v2/alerts`)).json()) as readonly Known[];
  return new Map(alerts.map((alert) => [alert.labels.alertname, alert]));
}
