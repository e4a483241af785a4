import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, list, processed, type Statement } from './told.ts';

const HOUR = 3_600_000;

/** Open from an hour ago until an hour from now, every day in UTC, whatever the time is. */
function openAroundNow(): string {
  const minuteOf = (at: number) => Math.floor((at % (24 * HOUR)) / 60_000);
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const [start, end] = [minuteOf(Date.now() - HOUR), minuteOf(Date.now() + HOUR)];
  const ranges = start < end ? [[start, end]] : [[start, 24 * 60], ...(end > 0 ? [[0, end]] : [])];
  const texts = ranges.map(([from, to]) => `'${clock(from!)}-${clock(to!)}'`).join(', ');
  return ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => `${day}: [${texts}]`).join(', ');
}

test('[BR-AP-031] [BR-AP-032] [BR-AP-033] [BR-AP-035] [BR-QUAL-013] [BR-QUAL-017] at night staging gets quiet and production stays critical by policy; the message and the API name the policy', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager:
    connector: webhook
    config:
      url: "${sink.url}/pager"
      format: template
      template: '{ "priority": {{ priority | json }}, "facts": {{ alerts[0].facts | json }} }'
receivers:
  ops: [{ integration: pager }]
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, repeat_interval: 30d }
classification: {}
priority:
  slos: { gold: { objective: 99.95 }, bronze: { objective: 99 } }
  business_hours: { office: { time_zone: UTC, hours: { ${openAroundNow()} } } }
  cost_centers: { CC-1: { title: Shop } }
  policies:
    - { id: production-around-the-clock, source: 'SLA, section 4', environments: production, when: alert.priority == "critical", set: { priority: critical, criticality: tier-1, compliance: pci-dss } }
    - { id: quiet-nights, outside: office, set: { priority: info } }
    - { id: objectives, set: { slo: { production: gold, default: bronze } } }
    - { id: shop-pays, matchers: team="shop", set: { cost_center: CC-1 } }
`,
  });
  const send = async (name: string, namespace: string) => {
    const before = sink.requests.length;
    const labels = { namespace, team: 'shop' };
    const body = alertmanagerBody({
      name,
      severity: 'critical',
      labels,
      startsAt: new Date(hub.now()).toISOString(),
    });
    await processed(hub, await hub.send('/hooks/prom', body));
    await until(`${name} is told`, () => sink.requests.length > before);
    return JSON.parse(sink.requests.at(-1)!.body) as { priority: string; facts: Record<string, unknown> };
  };

  assert.equal((await send('ByDay', 'shop-staging')).priority, 'critical', 'by day the severity decides');
  await hub.forward(6 * HOUR);
  const staging = await send('ByNight', 'shop-staging');
  const production = await send('ByNight', 'shop-prod');
  assert.equal(staging.priority, 'info');
  assert.deepEqual(staging.facts['reasons'], [
    { field: 'priority', value: 'info', policy: 'quiet-nights', position: 2 },
    { field: 'slo', value: 'bronze', policy: 'objectives', position: 3 },
    { field: 'cost_center', value: 'CC-1', policy: 'shop-pays', position: 4 },
  ]);
  assert.equal(production.priority, 'critical');
  const because = (production.facts['reasons'] as { field: string; policy: string }[]).find(
    ({ field }) => field === 'priority',
  );
  assert.equal(because?.policy, 'production-around-the-clock');

  const [alert] = await list(hub, `alerts?matcher=${encodeURIComponent('namespace="shop-prod"')}`);
  const { facts, priority, decisions } = (await hub.get(`/api/v1/alerts/${String(alert!['fingerprint'])}`))
    .json;
  assert.equal(priority, 'critical');
  const { criticality, slo, cost_center: costCenter, compliance } = facts;
  assert.deepEqual([criticality, slo, costCenter, compliance], ['tier-1', 'gold', 'CC-1', ['pci-dss']]);
  const decided = (decisions as { stage: string; rule: string; outcome: string }[])
    .filter(({ stage }) => stage === 'prioritise')
    .map(({ rule, outcome }) => `${rule}: ${outcome}`);
  assert.ok(
    decided.includes(
      'production-around-the-clock: priority critical, criticality tier-1, compliance pci-dss',
    ),
    decided.join('; '),
  );
});

test('[BR-AP-034] [BR-QUAL-020] each episode is charged once to its cost center, by environment and namespace; the report spreads the budget to the hundredth', async () => {
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  out: { connector: console }
receivers: { ops: [{ integration: out }] }
routes: { receiver: ops }
classification: {}
priority:
  cost_centers: { CC-1: { title: Shop, budget: 100, allocation: { production: 90, testing: 10 } }, CC-2: {} }
  policies:
    - { id: shop-pays, matchers: team="shop", set: { cost_center: CC-1, business_unit: retail } }
    - { id: shared, set: { cost_center: CC-2 } }
`,
  });
  const fire = async (...statements: readonly Statement[]) =>
    processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...statements)));
  const shop = (name: string, namespace: string) => ({ name, labels: { namespace, team: 'shop' } });
  await fire(shop('A', 'shop-prod'), shop('B', 'shop-prod'), shop('C', 'pay-prod'), shop('D', 'shop-dev'));
  await fire(shop('A', 'shop-prod'), { name: 'E', labels: { namespace: 'x-prod' } });

  const month = new Date(hub.now()).toISOString().slice(0, 7);
  const { json } = await hub.get(`/api/v1/analytics/costs?month=${month}`);
  const [first, second] = json.cost_centers;
  assert.deepEqual(
    first.rows.map((row: Record<string, unknown>) => [
      row['environment'],
      row['namespace'],
      row['episodes'],
      row['allocated'],
    ]),
    [
      ['development', 'shop-dev', 1, 0],
      ['production', 'pay-prod', 1, 30],
      ['production', 'shop-prod', 2, 60],
    ],
  );
  assert.deepEqual([first.episodes, first.budget, first.unallocated, second.episodes], [4, 100, 10, 1]);

  const { text, headers } = await hub.get(`/api/v1/analytics/costs?month=${month}&format=csv`);
  assert.match(headers.get('content-type') ?? '', /^text\/csv/);
  assert.ok(text.includes(`${month},CC-1,EUR,default,production,shop-prod,retail,2,60.00\r\n`), text);
  const before = await hub.get('/api/v1/analytics/costs?month=2020-01');
  assert.deepEqual(
    before.json.cost_centers.map(({ episodes }: { episodes: number }) => episodes),
    [0, 0],
  );
});
