import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBoth, type CreatePlace } from './place.ts';
import { T0, sampleAlert, sampleSilence } from './samples.ts';

/** What people are quiet about, and who inhibits whom. */
export function silenceTests(createPlace: CreatePlace): void {
  test('silences that have not ended are found, and the mark tells of each change', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const before = await store.silenceMark();
    const open = sampleSilence('open', { endsAt: T0 + 10 });
    await store.commit({ silences: [open, sampleSilence('over', { endsAt: T0 })] });
    const after = await store.silenceMark();
    assert.notEqual(after, before);
    assert.deepEqual(await store.silences(T0), [open]);
    assert.equal((await store.silence('over'))?.id, 'over');
    const window = sampleSilence('weekly', {
      kind: 'maintenance',
      endsAt: T0 + 99,
      recurrence: { rrule: 'FREQ=WEEKLY', durationMs: 60_000, timeZone: 'Europe/Berlin' },
    });
    await store.commit({ silences: [{ ...open, endsAt: T0 - 1 }, window] });
    assert.notEqual(await store.silenceMark(), after);
    assert.deepEqual(await store.silences(T0), [window]);
    assert.deepEqual(await reader.openSilences(T0), [window]);
    assert.equal(await reader.silenceMark(), await store.silenceMark());
    assert.deepEqual(await reader.silence('weekly'), window);
    await store.commit({ alerts: [sampleAlert('a')] });
    assert.equal(await store.silence('missing'), undefined);
  });

  test('the mark stays when a commit brings no silence', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({ silences: [sampleSilence('a')] });
    const mark = await store.silenceMark();
    await store.commit({ alerts: [sampleAlert('a')] });
    assert.equal(await store.silenceMark(), mark);
  });

  test('silences are listed by newest start, page by page, by tenant, kind and end', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      silences: [
        sampleSilence('first', { startsAt: T0 - 30 }),
        sampleSilence('second', { startsAt: T0 - 20, endsAt: T0 + 50 }),
        sampleSilence('third', { startsAt: T0 - 10, kind: 'maintenance' }),
        sampleSilence('other', { tenant: 'other' }),
      ],
    });
    const page = await reader.silences({ limit: 2, tenant: 'default' });
    assert.deepEqual(
      page.items.map(({ id }) => id),
      ['third', 'second'],
    );
    const rest = await reader.silences({ limit: 2, tenant: 'default', cursor: page.next! });
    assert.deepEqual(
      rest.items.map(({ id }) => id),
      ['first'],
    );
    const ids = async (query: { kind?: 'maintenance'; endsAfter?: number }) =>
      (await reader.silences({ limit: 9, tenant: 'default', ...query })).items.map(({ id }) => id);
    assert.deepEqual(await ids({ kind: 'maintenance' }), ['third']);
    assert.deepEqual(await ids({ endsAfter: T0 }), ['second']);
  });

  test('a source inhibits while it fires, and only under its keys', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const tenant = 'default';
    await store.commit({
      alerts: [sampleAlert('a'), sampleAlert('b'), sampleAlert('c')],
      inhibitors: [
        { tenant, fingerprint: 'a', keys: [{ key: 'k1', twoSided: true }] },
        { tenant, fingerprint: 'b', keys: [{ key: 'k1', twoSided: true }] },
        {
          tenant,
          fingerprint: 'c',
          keys: [
            { key: 'k1', twoSided: false },
            { key: 'k2', twoSided: false },
          ],
        },
      ],
    });
    const ask = async (...keys: string[]) => {
      const questions = keys.map((key) => ({ tenant, key }));
      const found = await store.inhibitors(questions);
      assert.deepEqual(await reader.inhibitors(questions), found);
      return found
        .map(({ key, fingerprint, twoSided }) => [key, fingerprint, twoSided] as const)
        .toSorted(([, left], [, right]) => (left < right ? -1 : 1));
    };
    assert.deepEqual(await ask('k1', 'k3'), [
      ['k1', 'a', true],
      ['k1', 'c', false],
    ]);
    assert.deepEqual(await store.inhibitors([{ tenant: 'other', key: 'k1' }]), []);
    await store.commit({ alerts: [sampleAlert('a', { status: 'resolved' })] });
    assert.deepEqual(await ask('k1'), [
      ['k1', 'b', true],
      ['k1', 'c', false],
    ]);
    await store.commit({ inhibitors: [{ tenant, fingerprint: 'c', keys: [] }] });
    assert.deepEqual(await ask('k1', 'k2'), [['k1', 'b', true]]);
  });

  test('a walk over firing alerts goes page by page and leaves out what has resolved', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({
      alerts: [
        sampleAlert('c'),
        sampleAlert('a'),
        sampleAlert('b', { status: 'resolved' }),
        sampleAlert('a', { tenant: 'other' }),
      ],
    });
    const first = await store.firingAfter({ tenant: '', fingerprint: '' }, 2);
    assert.deepEqual(
      first.map(({ fingerprint }) => fingerprint),
      ['a', 'c'],
    );
    const { tenant, fingerprint } = first.at(-1)!;
    const rest = await store.firingAfter({ tenant, fingerprint }, 2);
    assert.deepEqual(
      rest.map((alert) => alert.tenant),
      ['other'],
    );
  });
}
