import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CostRow } from '../../model/cost.ts';
import { modelScopeId, type Outcome, type ScoreModel } from '../../model/score-model.ts';
import { SCOPES, scopeOf } from '../../model/scope.ts';
import { openBoth, type CreatePlace } from './place.ts';
import { T0 } from './samples.ts';

const model = (tenant: string, learned: number): ScoreModel => ({
  tenant,
  learned,
  updatedAt: T0 + learned,
  weights: { 'alertname=火': { value: 0.5, evidence: 1, at: T0 } },
  habits: {},
});
const outcome = (tenant: string, fingerprint: string): Outcome => ({
  tenant,
  kind: 'acknowledged',
  at: T0,
  fingerprint,
  features: ['bias', 'alertname=x'],
});
const cost = (day: number, costCenter: string, episodes: number, more: Partial<CostRow> = {}): CostRow => ({
  tenant: 'default',
  day,
  costCenter,
  environment: 'production',
  namespace: 'shop',
  businessUnit: '',
  episodes,
  ...more,
});

/** Relevance models, what they learn from, and what cost centers are charged with. */
export function scoreTests(createPlace: CreatePlace): void {
  test('a model comes back as saved, the newest of each tenant', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({ models: [model('a', 1), model('b', 1)] });
    await store.commit({ models: [model('a', 2)] });
    assert.deepEqual(await store.models(['b', 'missing', 'a']), [model('b', 1), model('a', 2)]);
    assert.deepEqual(await reader.model('a'), model('a', 2));
    assert.equal(await reader.model('missing'), undefined);
  });

  test('outcomes come back oldest first, those of some scopes, until they are done', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({ outcomes: [outcome('a', '1'), outcome('b', '2'), outcome('a', '3')] });
    const all = await store.outcomes(10);
    assert.deepEqual(
      all.map(({ fingerprint }) => fingerprint),
      ['1', '2', '3'],
    );
    const { id, ...first } = all[0]!;
    assert.deepEqual(first, outcome('a', '1'));
    assert.ok(id > 0);
    const own = scopeOf(modelScopeId('a'));
    const fingerprints = async (limit: number, scopes: readonly number[]) =>
      (await store.outcomes(limit, scopes)).map(({ fingerprint }) => fingerprint);
    assert.deepEqual(await fingerprints(10, [own]), ['1', '3']);
    assert.deepEqual(await fingerprints(1, [own]), ['1']);
    const others = Array.from({ length: SCOPES }, (_, scope) => scope).filter((scope) => scope !== own);
    assert.deepEqual(await fingerprints(10, others), ['2']);
    await store.commit({ outcomesDone: [all[0]!.id, all[2]!.id] });
    assert.deepEqual(await store.outcomes(10), [all[1]]);
  });

  test('costs add up, by day, and only those of the days that are asked for', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({ costs: [cost(10, 'A', 1), cost(10, 'A', 2), cost(11, 'A', 4)] });
    await store.commit({
      costs: [cost(10, 'A', 8), cost(10, 'B', 1), cost(10, 'A', 1, { tenant: 'other' })],
    });
    const sum = async (fromDay: number, toDay: number, tenant?: string) =>
      (await reader.costs({ fromDay, toDay, limit: 10, ...(tenant === undefined ? {} : { tenant }) })).map(
        (row) => `${row.tenant} ${row.costCenter} ${row.day} ${row.episodes}`,
      );
    assert.deepEqual(await sum(10, 12), ['default A 10 15', 'default B 10 1', 'other A 10 1']);
    assert.deepEqual(await sum(10, 11, 'default'), ['default A 10 11', 'default B 10 1']);
    assert.deepEqual(await sum(12, 20), []);
  });
}
