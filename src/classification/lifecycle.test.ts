import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NamespaceEvent, NamespaceRecord } from '../model/namespace.ts';
import { applyNamespaceEvent, type LifecycleStep } from './lifecycle.ts';

type Change =
  | { kind: 'created' | 'labelled'; environment: string }
  | { kind: 'promoted' | 'classified'; environment: string }
  | { kind: 'deleted' };

function eventOf(change: Change, at: number): NamespaceEvent {
  const general = { tenant: 'default', cluster: 'eu-1', namespace: 'shop', at, by: 'ann' };
  switch (change.kind) {
    case 'created':
    case 'labelled':
      return { ...general, kind: change.kind, environment: change.environment, labels: {} };
    case 'promoted':
      return { ...general, kind: change.kind, environment: change.environment, promotion: 'p1' };
    case 'classified':
      return { ...general, kind: change.kind, environment: change.environment };
    case 'deleted':
      return { ...general, kind: change.kind };
  }
}

function play(changes: readonly Change[]): readonly LifecycleStep[] {
  const steps: LifecycleStep[] = [];
  let record: NamespaceRecord | undefined;
  for (const [index, change] of changes.entries()) {
    const step = applyNamespaceEvent(record, eventOf(change, index));
    record = step.record;
    steps.push(step);
  }
  return steps;
}

test('the life of a namespace is told entry by entry, with the environment before and after', () => {
  const steps = play([
    { kind: 'created', environment: 'development' },
    { kind: 'labelled', environment: 'development' },
    { kind: 'promoted', environment: 'testing' },
    { kind: 'deleted' },
    { kind: 'created', environment: 'production' },
  ]);
  assert.deepEqual(
    steps.map(({ entry: { life, sequence, kind, from, to, promotion } }) => [
      life,
      sequence,
      kind,
      from,
      to,
      promotion,
    ]),
    [
      [1, 1, 'created', undefined, 'development', undefined],
      [1, 2, 'labelled', 'development', 'development', undefined],
      [1, 3, 'promoted', 'development', 'testing', 'p1'],
      [1, 4, 'deleted', 'testing', undefined, undefined],
      [2, 5, 'created', undefined, 'production', undefined],
    ],
  );
});

test('labels that make another environment go past every gate, and the entry says so', () => {
  const steps = play([
    { kind: 'created', environment: 'development' },
    { kind: 'labelled', environment: 'production' },
  ]);
  assert.equal(steps[1]?.entry.isUnapproved, true);
  assert.equal(steps[0]?.entry.isUnapproved, undefined);
});

test('what can’t be is refused with a reason and leaves the record as it is', () => {
  const unknown = applyNamespaceEvent(undefined, eventOf({ kind: 'deleted' }, 1));
  assert.deepEqual([unknown.record, unknown.entry.refused], [undefined, 'the namespace is not known']);
  const [created] = play([{ kind: 'created', environment: 'testing' }]);
  const again = applyNamespaceEvent(
    created?.record,
    eventOf({ kind: 'created', environment: 'production' }, 5),
  );
  assert.equal(again.entry.refused, 'the namespace exists already');
  assert.deepEqual(again.record, { ...created!.record, sequence: 2 });
  const late = applyNamespaceEvent({ ...created!.record!, changedAt: 10 }, eventOf({ kind: 'deleted' }, 5));
  assert.equal(late.entry.refused, 'the event is older than the last change');
  const other = { ...eventOf({ kind: 'deleted' }, 5), namespace: 'cart' };
  assert.throws(
    () => applyNamespaceEvent(created?.record, other),
    /eu-1\/cart was given the record of eu-1\/shop/,
  );
});

test('every event makes one entry, and from the first creation on the numbers have no gap', () => {
  const environment = fc.constantFrom('development', 'production');
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ kind: fc.constantFrom('created' as const, 'labelled' as const), environment }),
    fc.record({ kind: fc.constantFrom('promoted' as const, 'classified' as const), environment }),
    fc.record({ kind: fc.constant('deleted' as const) }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const entries = play(changes).map(({ entry }) => entry);
      assert.equal(entries.length, changes.length);
      const known = entries.filter(({ sequence }) => sequence > 0);
      known.forEach(({ sequence }, index) => assert.equal(sequence, index + 1));
      let environmentNow: string | undefined;
      for (const { from, to } of entries) {
        assert.equal(from, environmentNow);
        environmentNow = to;
      }
    }),
  );
});
