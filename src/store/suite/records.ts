import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SilenceVersion } from '../../model/silence.ts';
import { ANSWER_REFRESH_MS, type PreparedRow } from '../prepared-row.ts';
import { openBoth, type CreatePlace } from './place.ts';
import { sampleSilence, T0 } from './samples.ts';

const row = (partition: number, from: number, more: Partial<PreparedRow> = {}): PreparedRow => ({
  partition,
  from,
  until: from + 10,
  now: T0,
  what: JSON.stringify({ questions: { [`${partition}/${from}`]: 'd1' } }),
  ...more,
});
const answer = (digest: string, usedAt = T0) => ({
  digest,
  text: `{"kind":"found","of":"${digest}"}`,
  usedAt,
});
const brief = (versions: readonly SilenceVersion[]) =>
  versions.map(({ silence, at, until }) => [silence.id, silence.comment, at - T0, until - T0]);

/** What a replay reads of then. */
export function recordTests(createPlace: CreatePlace): void {
  test('what was prepared for records is read by partition and offset, in their order', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({ prepared: [row(0, 0), row(1, 0)] });
    await store.commit({ prepared: [row(0, 10), row(0, 40)] });
    const froms = async (partition: number, offset: number, limit = 9) =>
      (await reader.prepared(partition, offset, limit)).map(({ from }) => from);
    assert.deepEqual(await froms(0, 0), [0, 10, 40]);
    assert.deepEqual(await froms(0, 9), [0, 10, 40]);
    assert.deepEqual(await froms(0, 10), [10, 40]);
    assert.deepEqual(await froms(0, 20, 1), [40]);
    assert.deepEqual(await froms(0, 50), []);
    assert.deepEqual(await reader.prepared(1, 0, 9), [row(1, 0)]);
  });

  test('an answer stands once, however often it is used, and those that are asked for are found', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({ answers: [answer('d1'), answer('d2')] });
    await store.commit({ answers: [answer('d2', T0 + 1), answer('d3')] });
    const found = await reader.answers(['d3', 'd2', 'd9']);
    assert.deepEqual(
      found.map(({ digest, text }) => ({ digest, text, usedAt: T0 })),
      [answer('d2'), answer('d3')],
    );
    assert.deepEqual(await reader.answers([]), []);
  });

  test('what was prepared goes with the inputs, and an answer only when nobody has used it for as long', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const later = T0 + 3 * ANSWER_REFRESH_MS;
    await store.commit({
      prepared: [row(0, 0), row(0, 10, { now: later })],
      answers: [answer('d1'), answer('d2')],
    });
    await store.commit({ answers: [answer('d2', later)] });
    const before = T0 + ANSWER_REFRESH_MS + 1;
    assert.equal(await store.expire('inputs', before, 1), 1);
    assert.equal(await store.expire('inputs', before, 9), 1);
    assert.equal(await store.expire('inputs', before, 9), 0);
    assert.deepEqual(
      (await reader.prepared(0, 0, 9)).map(({ from }) => from),
      [10],
    );
    assert.deepEqual(
      (await reader.answers(['d1', 'd2'])).map(({ digest }) => digest),
      ['d2'],
    );
  });

  test('every version of a silence is kept with the time in which it stood', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const made = sampleSilence('a', { updatedAt: T0, endsAt: T0 + 100, comment: 'made' });
    await store.commit({ silences: [made] });
    await store.commit({ silences: [{ ...made, updatedAt: T0 + 10, endsAt: T0 + 200, comment: 'longer' }] });
    await store.commit({ silences: [{ ...made, updatedAt: T0 + 20, endsAt: T0 + 20, comment: 'ended' }] });
    const query = { from: 0, to: T0 + 1_000, after: 0, limit: 9 };
    const all = await reader.silenceVersions(query);
    assert.deepEqual(brief(all), [
      ['a', 'made', 0, 10],
      ['a', 'longer', 10, 20],
      ['a', 'ended', 20, 20],
    ]);
    assert.deepEqual(brief(await reader.silenceVersions({ ...query, from: T0 + 15 })), [
      ['a', 'longer', 10, 20],
      ['a', 'ended', 20, 20],
    ]);
    assert.deepEqual(brief(await reader.silenceVersions({ ...query, to: T0 + 10 })), [['a', 'made', 0, 10]]);
    assert.deepEqual(await reader.silenceVersions({ ...query, limit: 1 }), all.slice(0, 1));
    assert.deepEqual(await reader.silenceVersions({ ...query, after: all[1]!.seq }), all.slice(2));
  });

  test('windows of the configuration have a history, and one that is taken up again adds nothing', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const window = (id: string, comment: string) =>
      sampleSilence(id, { kind: 'maintenance', endsAt: T0 + 100, comment });
    const over = sampleSilence('over', { kind: 'maintenance', endsAt: T0 });
    await store.commit({ windows: { at: T0, all: [window('w1', 'one'), window('w2', 'two'), over] } });
    await store.commit({ windows: { at: T0 + 5, all: [window('w1', 'one'), window('w2', 'two'), over] } });
    await store.commit({ windows: { at: T0 + 10, all: [window('w1', 'other')] } });
    const versions = await reader.silenceVersions({ from: 0, to: T0 + 1_000, after: 0, limit: 9 });
    assert.deepEqual(brief(versions), [
      ['w1', 'one', 0, 10],
      ['w2', 'two', 0, 10],
      ['w1', 'other', 10, 100],
    ]);
    assert.ok(versions.every(({ isConfigured }) => isConfigured));
    assert.deepEqual(await store.silences(0), []);
  });

  test('versions that are over go with the silences', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({ silences: [sampleSilence('old', { updatedAt: T0 - 50, endsAt: T0 })] });
    await store.commit({ silences: [sampleSilence('open', { updatedAt: T0 - 50, endsAt: T0 + 100 })] });
    await store.commit({ silences: [sampleSilence('open', { updatedAt: T0 - 20, endsAt: T0 + 100 })] });
    await store.expire('silences', T0 + 1, 9);
    const left = await reader.silenceVersions({ from: 0, to: T0 + 1_000, after: 0, limit: 9 });
    assert.deepEqual(brief(left), [['open', sampleSilence('open').comment, -20, 100]]);
  });
}
