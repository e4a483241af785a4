import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CostRow } from '../model/cost.ts';
import { allocate } from './allocate.ts';

const row = (costCenter: string, environment: string, namespace: string, episodes: number): CostRow => ({
  tenant: 'default',
  day: 1,
  costCenter,
  environment,
  namespace,
  businessUnit: '',
  episodes,
});

test('[BR-QUAL-020] an environment gets its share of the budget, and its namespaces theirs by their episodes', () => {
  const costs = [
    row('A', 'production', 'shop', 2),
    row('A', 'production', 'pay', 1),
    row('A', 'staging', 'shop', 5),
  ];
  const [a, b] = allocate(costs, {
    A: { currency: 'EUR', budget: 10_000, allocation: { production: 80, testing: 20 } },
    B: { currency: 'EUR', allocation: {} },
  });
  assert.deepEqual(
    a!.rows.map(({ environment, namespace, allocated }) => [environment, namespace, allocated]),
    [
      ['production', 'shop', 5_333],
      ['production', 'pay', 2_667],
      ['staging', 'shop', 0],
    ],
  );
  assert.deepEqual([a!.episodes, a!.unallocated, b!.episodes, b!.budget], [8, 2_000, 0, undefined]);
});

const environments = ['production', 'staging', 'testing'];

test('[BR-QUAL-020] what the rows got and what is left is the budget, to the hundredth', () => {
  const anyRow = fc.record({
    environment: fc.constantFrom(...environments),
    namespace: fc.constantFrom('a', 'b', 'c'),
    episodes: fc.integer({ min: 1, max: 1_000_000 }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(anyRow, { selector: (each) => `${each.environment} ${each.namespace}` }),
      fc.integer({ min: 0, max: 100_000_000_000 }),
      fc.array(fc.integer({ min: 0, max: 33 }), { minLength: 3, maxLength: 3 }),
      (rows, budget, percents) => {
        const allocation = Object.fromEntries(environments.map((name, index) => [name, percents[index]!]));
        const costs = rows.map(({ environment, namespace, episodes }) =>
          row('A', environment, namespace, episodes),
        );
        const [report] = allocate(costs, { A: { currency: 'EUR', budget, allocation } });
        const allocated = report!.rows.reduce((total, each) => total + each.allocated!, 0);
        assert.equal(allocated + report!.unallocated!, budget);
        assert.ok(report!.unallocated! >= 0 && report!.rows.every((each) => each.allocated! >= 0));
      },
    ),
  );
});
