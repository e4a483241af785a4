import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, list, processed } from './told.ts';

const MINUTE = 60_000;

type Row = Record<string, any>;

const yaml = (url: string) => `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${url}/pager", format: cloudevents } }
receivers:
  ops: [{ integration: pager }]
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, repeat_interval: 30d }
classification: {}
correlation: { rules: [{ id: by-team, same: [team] }] }
incidents: { receiver: ops }
rules:
  - { id: sev1-pages, when: facts.assessment.level == "SEV1", set: { labels: { page: 'yes' } } }
priority:
  policies:
    - { id: checkout, matchers: service="checkout", set: { criticality: tier-1 } }
  procedures:
    source: Incident response, edition 4
    levels:
      - id: SEV1
        title: Customers can’t buy
        acknowledge_within: 5m
        update_every: 30m
        lead: incident commander
        runbook_url: https://example.org/sev1
        steps: [Page the incident commander, Open a call]
      - { id: SEV2, acknowledge_within: 1h }
      - { id: SEV3 }
    criteria:
      - { id: exercise, source: section 2, matchers: exercise="true", level: SEV3 }
    impact:
      - { id: extensive, environments: production, when: facts.criticality == "tier-1" }
      - { id: minor }
    urgency: [{ id: high, when: alert.priority == "critical" }, { id: low }]
    matrix:
      extensive: { high: SEV1, low: SEV2 }
      minor: { high: SEV2, low: SEV3 }
`;

/** Where the configuration has the cell of what is extensive and high. */
const CELL_LINE =
  yaml('')
    .split('\n')
    .findIndex((line) => /^ +extensive:/.test(line)) + 1;

test('[BR-QUAL-008] alerts and their incident get the level of the written procedure with its cell, line, steps and times; what nobody acknowledges in time is overdue', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  const fire = async (name: string, severity: string, labels: Readonly<Record<string, string>>) => {
    const alert = { name, severity, labels: { team: 'shop', ...labels } };
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(alert)));
  };
  const find = async (name: string): Promise<Row> => {
    const [alert] = (await list(hub, `alerts?matcher=alertname%3D%22${name}%22`)) as Row[];
    return alert!;
  };
  const shop = { namespace: 'shop-prod', service: 'checkout' };
  await fire('Slow', 'warning', shop);
  await fire('Down', 'critical', shop);
  await fire('Drill', 'critical', { ...shop, exercise: 'true' });
  await fire('Elsewhere', 'critical', { namespace: 'shop-dev', service: 'checkout', team: 'other' });

  const down = await find('Down');
  const { since, acknowledge_by: by, ...assessment } = down['facts'].assessment;
  assert.deepEqual(assessment, {
    level: 'SEV1',
    title: 'Customers can’t buy',
    rule: 'extensive × high',
    defined_at: `signalbox.yaml:${CELL_LINE}`,
    source: 'Incident response, edition 4',
    impact: 'extensive',
    urgency: 'high',
    acknowledge_within: '5m',
    update_every: '30m',
    lead: 'incident commander',
    runbook_url: 'https://example.org/sev1',
    steps: ['Page the incident commander', 'Open a call'],
  });
  assert.equal(Date.parse(by) - Date.parse(since), 5 * MINUTE);
  assert.equal(down['labels'].page, 'yes', 'rules see the level');
  const levels = await Promise.all(
    ['Slow', 'Drill', 'Elsewhere'].map(async (name) => {
      const { level, rule } = (await find(name))['facts'].assessment;
      return `${level} ${rule}`;
    }),
  );
  assert.deepEqual(levels, ['SEV2 extensive × low', 'SEV3 exercise', 'SEV2 minor × high']);

  await until('Down is told', () => sink.requests.some(({ body }) => body.includes('"Down"')));
  const { data } = JSON.parse(sink.requests.find(({ body }) => body.includes('"Down"'))!.body) as Row;
  assert.deepEqual([data.assessment.level, data.assessment.steps.length], ['SEV1', 2]);
  assert.equal(data.alerts[0].facts.assessment.rule, 'extensive × high');

  const explained = async () => (await hub.get(`/api/v1/alerts/${down['fingerprint']}/explain`)).json;
  const before = await explained();
  const said = before.chain.find(({ stage }: Row) => stage === 'prioritise').entries as Row[];
  const texts = said.map(({ text, rule }) => `${rule}: ${text}`);
  assert.ok(
    texts.includes(
      `extensive × high: level SEV1 “Customers can’t buy” (Incident response, edition 4, signalbox.yaml:${CELL_LINE})`,
    ),
    texts.join('\n'),
  );
  assert.ok(
    texts.some((text) => /acknowledge within 5m; update every 30m; led by incident commander/.test(text)),
  );
  assert.ok(texts.includes('SEV1: step 2: Open a call'));
  assert.ok(before.next.some(({ text, at }: Row) => text.startsWith('overdue as SEV1') && at === by));

  const incident = await until('the incident has the gravest level', async () => {
    const found = (await list(hub, 'incidents?level=SEV1')) as Row[];
    return found.length === 1 && found[0]!['alerts'] === 3 && found[0];
  });
  assert.deepEqual(await list(hub, 'alerts?overdue=true'), []);
  await hub.forward(6 * MINUTE);
  const words =
    /Level: SEV1, Customers can’t buy \(extensive × high\); acknowledge by .+; led by incident commander/;
  await until('the message of the incident says its level', () =>
    sink.requests.some(({ body }) => body.includes(incident['id'] as string) && words.test(body)),
  );
  await until('alert and incident are overdue', async () => {
    const alerts = (await list(hub, 'alerts?overdue=true')) as Row[];
    const incidents = (await list(hub, 'incidents?overdue=true')) as Row[];
    return alerts.length === 1 && incidents.length === 1;
  });
  assert.equal((await find('Down'))['lifecycle'].overdue_since, by);
  const metrics = (await hub.get('/metrics')).text;
  assert.match(metrics, /^signalbox_overdue_total\{subject="alert",level="SEV1"\} 1$/m);
  assert.match(metrics, /^signalbox_overdue_total\{subject="incident",level="SEV1"\} 1$/m);

  await hub.post(`/api/v1/alerts/${down['fingerprint']}/acknowledge`, { by: 'ada' });
  await hub.post(`/api/v1/incidents/${incident['id']}/acknowledge`, { by: 'ada' });
  assert.deepEqual(await list(hub, 'alerts?overdue=true'), []);
  assert.deepEqual(await list(hub, 'incidents?overdue=true'), []);
});
