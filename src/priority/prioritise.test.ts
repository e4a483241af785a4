import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PriorityPolicy, PrioritySettings } from '../model/priority-settings.ts';
import { compilePriority } from './compile.ts';
import { priorityOf } from '../model/severity.ts';
import type { Subject } from '../rules/subject.ts';
import { subject } from '../rules/testing.ts';
import { prioritise } from './prioritise.ts';

const NIGHT = Date.UTC(2026, 0, 5, 2);
const DAY = Date.UTC(2026, 0, 5, 10);

const policy = (id: string, rest: Partial<PriorityPolicy>): PriorityPolicy => ({
  id,
  matchers: [],
  environments: [],
  set: {},
  ...rest,
});
const compile = (policies: readonly PriorityPolicy[], rest: Partial<PrioritySettings> = {}) =>
  compilePriority({ policies, slos: {}, businessHours: {}, costCenters: {}, ...rest });
const alert = (labels: Readonly<Record<string, string>>, facts: Subject['facts'] = {}): Subject => {
  const plain = subject(labels, { facts: { compliance: [], ...facts } });
  return { ...plain, alert: { ...plain.alert, priority: priorityOf(labels.severity ?? '') } };
};
const equal = (name: string, value: string) => ({ name, op: '=' as const, value });

test('for each value the first policy that holds decides, and the reason names it with its position', () => {
  const compiled = compile([
    policy('payments', { matchers: [equal('team', 'pay')], set: { criticality: 'tier-1' } }),
    policy('all', { set: { criticality: 'tier-3', costCenter: 'CC-1' } }),
  ]);
  const found = prioritise(compiled, alert({ team: 'pay' }), DAY);
  assert.deepEqual([found.criticality, found.costCenter], ['tier-1', 'CC-1']);
  assert.deepEqual(found.reasons, [
    { field: 'criticality', value: 'tier-1', policy: 'payments', position: 1 },
    { field: 'cost_center', value: 'CC-1', policy: 'all', position: 2 },
  ]);
  assert.equal(prioritise(compiled, alert({ team: 'shop' }), DAY).criticality, 'tier-3');
});

test('an environment that nobody knows is production', () => {
  const compiled = compile([
    policy('production', {
      environments: ['production'],
      set: { slo: { production: 'gold', default: 'none' } },
    }),
  ]);
  assert.equal(prioritise(compiled, alert({}), DAY).slo, 'gold');
  assert.equal(prioritise(compiled, alert({}, { environment: 'testing' }), DAY).slo, undefined);
});

test('[BR-AP-033] business hours and holidays decide on the clock of their zone, also after clocks change', () => {
  const office = {
    time_zone: 'Europe/Berlin',
    hours: { mon: ['09:00-17:00'], thu: ['09:00-17:00'] },
    holidays: ['2026-12-24'],
  };
  const outside = { name: 'office', isOpen: false };
  const compiled = compile([policy('quiet', { hours: outside, set: { priority: 'info' } })], {
    businessHours: { office },
  });
  const at = (now: number) => prioritise(compiled, alert({ severity: 'warning' }), now).priority;
  assert.equal(at(NIGHT), 'info');
  assert.equal(at(DAY), undefined);
  assert.equal(at(Date.UTC(2026, 0, 5, 7, 30)), 'info', 'winter: 8:30 in Berlin');
  assert.equal(at(Date.UTC(2026, 6, 6, 7, 30)), undefined, 'summer: 9:30 in Berlin');
  assert.equal(at(Date.UTC(2026, 11, 24, 10)), 'info', 'a holiday');
});

test('conditions in CEL see the alert, what is known of it and the priority that its severity gives', () => {
  const compiled = compile([
    policy('pages', {
      when: 'alert.priority == "critical" && facts.environment == "staging" && integration == "prom"',
      set: { priority: 'warning' },
    }),
  ]);
  assert.equal(
    prioritise(compiled, alert({ severity: 'page' }, { environment: 'staging' }), DAY).priority,
    'warning',
  );
  assert.equal(prioritise(compiled, alert({ severity: 'page' }), DAY).priority, undefined);
});

test('a condition that fails does not hold and is named; one that only names a field that is not there does not hold', () => {
  const compiled = compile([
    policy('broken', { when: 'timestamp(alert.labels.owner) < now', set: { priority: 'critical' } }),
    policy('absent', { when: 'facts.score.value > 0.5', set: { priority: 'critical' } }),
    policy('all', { set: { priority: 'info' } }),
  ]);
  const { priority, troubles } = prioritise(compiled, alert({}), DAY);
  assert.equal(priority, 'info');
  assert.deepEqual(
    troubles.map(({ policy: id }) => id),
    ['broken'],
  );
});

test('compliance tags of all policies that hold add up, each with the first policy that says it', () => {
  const compiled = compile([
    policy('cards', { matchers: [equal('data', 'card')], set: { compliance: ['pci-dss'] } }),
    policy('all', { set: { compliance: ['sox', 'pci-dss'] } }),
  ]);
  const { compliance, reasons } = prioritise(compiled, alert({ data: 'card' }), DAY);
  assert.deepEqual(compliance, ['pci-dss', 'sox']);
  assert.deepEqual(
    reasons.map(({ value, policy: id }) => `${value} ${id}`),
    ['pci-dss cards', 'sox all'],
  );
});

const values = fc.constantFrom('a', 'b', 'c');
const anyPolicy = fc.record({
  matchers: fc.array(
    fc.record({ name: fc.constantFrom('x', 'y'), op: fc.constantFrom('=', '!='), value: values }),
    {
      maxLength: 2,
    },
  ),
  environments: fc.array(fc.constantFrom('production', 'staging'), { maxLength: 2 }),
  set: fc.record({ criticality: values, costCenter: values }, { requiredKeys: [] }),
});

test('the first policy that holds decides, whatever policies there are', () => {
  fc.assert(
    fc.property(
      fc.array(anyPolicy, { maxLength: 12 }),
      fc.dictionary(fc.constantFrom('x', 'y'), values),
      fc.constantFrom('production', 'staging', 'testing'),
      (drafts, labels, environment) => {
        const policies = drafts.map((draft, index) => policy(`p${index}`, draft as Partial<PriorityPolicy>));
        const found = prioritise(compile(policies), alert(labels, { environment }), DAY);
        const holds = ({ matchers = [], environments }: PriorityPolicy) =>
          (environments.length === 0 || environments.includes(environment)) &&
          matchers.every(({ name, op, value }) => ((labels[name] ?? '') === value) === (op === '='));
        const first = (field: 'criticality' | 'costCenter') =>
          policies.find((each) => each.set[field] !== undefined && holds(each))?.set[field];
        assert.equal(found.criticality, first('criticality'));
        assert.equal(found.costCenter, first('costCenter'));
      },
    ),
  );
});

test('policies are filed under what their conditions need, and found under it', () => {
  const compiled = compile([
    policy('by-label', {
      when: 'alert.labels.team in ["x", "y"] && size(alert.labels) > 1',
      set: { criticality: 'a' },
    }),
    policy('by-severity', { when: '"page" == alert.severity', set: { costCenter: 'b' } }),
    policy('by-absence', { when: 'alert.labels.owner == ""', set: { businessUnit: 'c' } }),
  ]);
  const { criticality, costCenter, businessUnit } = prioritise(
    compiled,
    alert({ team: 'y', severity: 'page' }),
    DAY,
  );
  assert.deepEqual([criticality, costCenter, businessUnit], ['a', 'b', 'c']);
  assert.deepEqual(compiled.candidates(alert({ team: 'z', owner: 'me' }), 'production'), []);
});
