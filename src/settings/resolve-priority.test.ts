import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, INTEGRATIONS, load, REST } from './testing.ts';

const BASE = `${INTEGRATIONS}${REST}`;

test('policies are read with everything that they name; holidays of a calendar file become dates', async (t) => {
  const calendar = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//EN',
    'BEGIN:VEVENT',
    'UID:1',
    'DTSTAMP:20260101T000000Z',
    'DTSTART;VALUE=DATE:20261003',
    'SUMMARY:A holiday',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
  const text = `${BASE}priority:
  slos: { gold: { objective: 99.9 } }
  business_hours:
    office: { time_zone: Europe/Berlin, hours: { mon: ['09:00-17:00'] }, calendars: [days.ics] }
  cost_centers: { CC-1: { budget: 10.5, allocation: { production: 100 } } }
  policies:
    - { id: p, matchers: team="x", outside: office, set: { priority: info, slo: gold, cost_center: CC-1 } }
`;
  const result = await load(t, text, { more: { 'days.ics': calendar } });
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(brief(result.warnings), []);
  const { policies, businessHours, costCenters, slos } = result.settings.priority!;
  assert.deepEqual(businessHours['office']?.holidays, ['2026-10-03']);
  assert.equal(costCenters['CC-1']?.budget, 1_050);
  assert.equal(slos['gold']?.windowMs, 30 * 86_400_000);
  assert.deepEqual(policies[0]?.hours, { name: 'office', isOpen: false });
  assert.deepEqual(policies[0]?.set, { priority: 'info', slo: { default: 'gold' }, costCenter: 'CC-1' });
});

test('without policies there is nothing to look at', async (t) => {
  const result = await load(t, BASE);
  assert.ok(result.ok);
  assert.equal(result.settings.priority, undefined);
});

test('what a policy gets wrong is an error with line and column', async (t) => {
  const text = `${BASE}priority:
  business_hours: { office: { time_zone: Nowhere/Land, hours: {} } }
  cost_centers: { CC-1: { budget: 1, allocation: { production: 80, staging: 30 } } }
  policies:
    - { id: p, when: 'alert.', set: { slo: golt } }
    - { id: p, within: offise, set: {} }
    - { id: q, matchers: 'x=~"("', within: office, outside: office, set: { cost_center: CC-2 } }
`;
  const result = await load(t, text);
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), [
    '9:42 bad_business_hours',
    '10:50 wrong_value',
    '12:22 bad_expression',
    '12:44 missing_reference',
    '13:13 wrong_value',
    '13:24 missing_reference',
    '13:37 missing_key',
    '14:26 bad_matcher',
    '14:52 wrong_value',
    '14:89 missing_reference',
  ]);
});

test('a policy that can never say anything, and what no policy names, are warnings', async (t) => {
  const text = `${BASE}priority:
  slos: { idle: { objective: 99 } }
  policies:
    - { id: all, set: { priority: info } }
    - { id: late, matchers: team="x", set: { priority: critical } }
`;
  const result = await load(t, text);
  assert.ok(result.ok);
  assert.deepEqual(brief(result.warnings), ['9:11 unused', '12:7 unreachable_policy']);
});
