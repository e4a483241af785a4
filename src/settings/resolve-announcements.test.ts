import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMatchers } from '../model/create-matcher.ts';
import { brief, load, REST } from './testing.ts';

const BASE = `integrations:
  prom: { connector: in }
  pager: { connector: out }
  spare: { connector: out, fallback: pager }
${REST.replace('receivers:\n', 'receivers:\n  people: [{ integration: spare }]\n')}`;

test('who is to be told of incidents and approvals has routes before the others, those of one use first', async (t) => {
  const more = `incidents: { receiver: people }
approvals: { receiver: on-call, remind_before: 1h, uses: { promote: { receiver: people } } }
correlation: { rules: [{ id: all }] }
`;
  const result = await load(t, BASE + more);
  assert.ok(result.ok, JSON.stringify(result));
  const { route, approvals, incidents } = result.settings;
  assert.deepEqual(
    route.routes.map(({ receiver, matchers, groupBy }) => [receiver, formatMatchers(matchers), groupBy]),
    [
      ['people', '{alertname="Incident",source="signalbox"}', ['incident']],
      ['people', '{alertname="Approval",source="signalbox",use="promote"}', ['approval']],
      ['on-call', '{alertname="Approval",source="signalbox"}', ['approval']],
    ],
  );
  assert.deepEqual(approvals?.telling.promote, { receiver: 'people', remindBeforeMs: 3_600_000 });
  assert.deepEqual(approvals?.telling.redrive, { receiver: 'on-call', remindBeforeMs: 3_600_000 });
  assert.deepEqual([incidents?.receiver, incidents?.updates], ['people', ['severity']]);
});

test('a receiver that is not there, a question that would ask the next, and members that nobody would hear of are refused', async (t) => {
  const result = await load(
    t,
    `${BASE}incidents: { receiver: poeple, suppress_member_notifications: true, updates: [joined] }
approvals: { receiver: people, intervene: [pager] }
correlation: { rules: [{ id: all }] }
`,
  );
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), [
    '10:24 missing_reference',
    '10:63 missing_setting',
    '11:24 wrong_value',
  ]);
});
