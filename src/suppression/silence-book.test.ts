import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Silence } from '../model/silence.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { T0, sampleSilence } from '../store/suite/samples.ts';
import { compileSilences, createSilenceBook } from './silence-book.ts';

const alert = { tenant: 'default', labels: { alertname: 'DiskFull' }, integration: 'prom' };
const open = (id: string, more: Partial<Silence> = {}) =>
  sampleSilence(id, { startsAt: T0, endsAt: T0 + 1_000, ...more });

test('silences are read again only when their mark has changed, or other windows are configured', async () => {
  let [reads, mark] = [0, 1];
  let rows = [open('a')];
  const book = createSilenceBook({
    silences: async () => (reads++, rows),
    silenceMark: async () => mark,
  });
  const configured: readonly Silence[] = [];
  const ids = async (windows: readonly Silence[]) =>
    (await book.open(windows, T0)).find(alert, T0).map(({ silence }) => silence.id);
  assert.deepEqual([await ids(configured), await ids(configured), reads], [['a'], ['a'], 1]);
  rows = [open('b')];
  assert.deepEqual(await ids(configured), ['a'], 'the mark is the same');
  mark = 2;
  assert.deepEqual([await ids(configured), reads], [['b'], 2]);
  assert.deepEqual([await ids([open('c')]), reads], [['c', 'b'], 3]);
});

test('a silence holds its own tenant only, from its start to its end', async () => {
  const silences = await compileSilences([open('a')]);
  const holds = (more: object, now: number) => silences.find({ ...alert, ...more }, now).length > 0;
  assert.deepEqual(
    [holds({}, T0 - 1), holds({}, T0), holds({}, T0 + 999), holds({}, T0 + 1_000)],
    [false, true, true, false],
  );
  assert.equal(holds({ tenant: 'other' }, T0), false);
  assert.equal(holds({ labels: { alertname: 'Slow' } }, T0), false);
});

test('a recurring window lets go between its occurrences, and not after its last day', async () => {
  const HOUR = 3_600_000;
  const window = open('w', {
    kind: 'maintenance',
    endsAt: T0 + 36 * HOUR,
    recurrence: { rrule: 'FREQ=DAILY', durationMs: HOUR, timeZone: 'UTC' },
  });
  const silences = await compileSilences([window]);
  const until = (now: number) => silences.find(alert, now)[0]?.until;
  // Occurrences follow the wall clock by whole minutes.
  assert.ok(until(T0 + HOUR / 2)! <= T0 + HOUR);
  assert.equal(until(T0 + 2 * HOUR), undefined);
  assert.ok(until(T0 + 24.5 * HOUR)! <= T0 + 25 * HOUR);
  assert.equal(until(T0 + 48.5 * HOUR), undefined);
  assert.deepEqual(silences.find({ ...alert, integration: OWN_INTEGRATION }, T0 + HOUR / 2), []);
});
