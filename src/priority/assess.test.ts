import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseBusinessHours } from '../calendar/parse-business-hours.ts';
import { acknowledgeBy, graver, withSince, type Assessment } from '../model/assessment.ts';
import type { ProcedureSettings } from '../model/procedure-settings.ts';
import { subject } from '../rules/testing.ts';
import { compileProcedures } from './assess.ts';

const DAY = Date.UTC(2026, 0, 5, 10);
const NIGHT = Date.UTC(2026, 0, 5, 23);
const everywhere = { environments: [] };
const equal = (name: string, value: string) => ({ matchers: [{ name, op: '=' as const, value }] });
const cell = (level: string, line: number) => ({ level, definedAt: `signalbox.yaml:${line}` });

const PROCEDURES: ProcedureSettings = {
  source: 'Incident response',
  levels: [
    {
      id: 'SEV1',
      title: 'Major',
      acknowledgeWithinMs: 300_000,
      updateEveryMs: 1_800_000,
      lead: 'commander',
      runbookUrl: 'https://example.org/sev1',
      steps: ['Open a call'],
    },
    { id: 'SEV2', steps: [] },
    { id: 'SEV3', steps: [] },
  ],
  criteria: [
    {
      id: 'data',
      source: 'section 2',
      environments: ['production'],
      ...equal('data', 'card'),
      ...cell('SEV1', 7),
    },
  ],
  impact: [
    { id: 'wide', environments: ['production'], ...equal('tier', '1') },
    { id: 'small', ...everywhere },
  ],
  urgency: [
    { id: 'high', ...everywhere, when: 'alert.labels.severity == "critical"' },
    { id: 'medium', ...everywhere, hours: { name: 'office', isOpen: true } },
    { id: 'low', ...everywhere },
  ],
  matrix: {
    wide: { high: cell('SEV1', 11), medium: cell('SEV2', 11), low: cell('SEV3', 11) },
    small: { high: cell('SEV2', 12), medium: cell('SEV3', 12), low: cell('SEV3', 12) },
  },
};
const OFFICE = parseBusinessHours({ time_zone: 'UTC', hours: { mon: ['09:00-17:00'] }, holidays: [] });
const assess = compileProcedures(PROCEDURES, new Map([['office', OFFICE]]));

test('[BR-QUAL-008] the first criterion that holds decides, with what its level asks for', () => {
  const { assessment, troubles } = assess(subject({ data: 'card', tier: '1' }), DAY);
  assert.deepEqual(assessment, {
    level: 'SEV1',
    rank: 0,
    title: 'Major',
    rule: 'data',
    definedAt: 'signalbox.yaml:7',
    source: 'section 2',
    acknowledgeWithinMs: 300_000,
    updateEveryMs: 1_800_000,
    lead: 'commander',
    runbookUrl: 'https://example.org/sev1',
    steps: ['Open a call'],
  });
  assert.deepEqual(troubles, []);
});

test('[BR-QUAL-008] else impact and urgency decide by the matrix, on the clock of the business hours', () => {
  const at = (labels: Readonly<Record<string, string>>, now: number, environment = 'production') => {
    const { level, rule, impact, urgency, definedAt } = assess(
      subject(labels, { facts: { environment, compliance: [] } }),
      now,
    ).assessment!;
    assert.equal(rule, `${impact} × ${urgency}`);
    return `${level} ${rule} ${definedAt}`;
  };
  assert.equal(at({ tier: '1', severity: 'critical' }, NIGHT), 'SEV1 wide × high signalbox.yaml:11');
  assert.equal(at({ tier: '1' }, DAY), 'SEV2 wide × medium signalbox.yaml:11');
  assert.equal(at({ tier: '1' }, NIGHT), 'SEV3 wide × low signalbox.yaml:11');
  assert.equal(
    at({ tier: '1', severity: 'critical' }, NIGHT, 'staging'),
    'SEV2 small × high signalbox.yaml:12',
  );
  assert.equal(at({ data: 'card' }, NIGHT, 'staging'), 'SEV3 small × low signalbox.yaml:12');
});

test('an environment that nobody knows is production', () => {
  assert.equal(assess(subject({ data: 'card' }), DAY).assessment?.rule, 'data');
});

test('a condition that can’t be evaluated does not hold, and says so; criteria without a matrix may find nothing', () => {
  const broken = compileProcedures(
    {
      ...PROCEDURES,
      criteria: [
        { id: 'broken', ...everywhere, when: 'timestamp(alert.labels.owner) < now', ...cell('SEV1', 7) },
        { id: 'absent', ...everywhere, when: 'facts.score.value > 0.5', ...cell('SEV1', 8) },
      ],
      impact: [],
      urgency: [],
      matrix: {},
    },
    new Map(),
  );
  const { assessment, troubles } = broken(subject({}), DAY);
  assert.equal(assessment, undefined);
  assert.deepEqual(
    troubles.map(({ rule }) => rule),
    ['broken'],
  );
});

test('every alert has a level, by the first of each list that holds, and the same one each time', () => {
  const labels = fc.record(
    {
      data: fc.constantFrom('card', 'logs'),
      tier: fc.constantFrom('1', '2'),
      severity: fc.constantFrom('critical', 'info', 'odd'),
    },
    { requiredKeys: [] },
  );
  const environments = fc.constantFrom('production', 'staging', undefined);
  fc.assert(
    fc.property(labels, environments, fc.constantFrom(DAY, NIGHT), (given, environment, now) => {
      const facts = { compliance: [], ...(environment === undefined ? {} : { environment }) };
      const { assessment } = assess(subject(given, { facts }), now);
      const isProduction = environment !== 'staging';
      const impact = isProduction && given.tier === '1' ? 'wide' : 'small';
      const urgency = given.severity === 'critical' ? 'high' : now === DAY ? 'medium' : 'low';
      const wanted =
        isProduction && given.data === 'card' ? 'SEV1' : PROCEDURES.matrix[impact]![urgency]!.level;
      assert.equal(assessment?.level, wanted);
      assert.deepEqual(assess(subject(given, { facts }), now).assessment, assessment);
    }),
  );
});

test('time counts from when it became as grave as it is; what became less grave gets no new time', () => {
  const one: Assessment = { level: 'SEV1', rank: 0, rule: 'r', definedAt: '', acknowledgeWithinMs: 100 };
  const two: Assessment = { ...one, level: 'SEV2', rank: 1, acknowledgeWithinMs: 1_000 };
  const first = withSince(two, undefined, 10);
  const repeated = withSince(two, first, 20);
  const worse = withSince(one, repeated, 30);
  const better = withSince(two, worse, 40);
  assert.deepEqual([first, repeated, worse, better].map(acknowledgeBy), [1_010, 1_010, 130, 1_030]);
  assert.equal(acknowledgeBy(undefined), Infinity);
  assert.equal(graver(two, one), one);
  assert.equal(graver(undefined, two), two);
  assert.equal(graver(one, { ...one, rule: 'other' })?.rule, 'r');
});
