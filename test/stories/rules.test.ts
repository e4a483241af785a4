import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, list, processed, told } from './told.ts';

test('[BR-AP-006] an alert that a rule labels takes the route of the new label, and keeps its fingerprint', async () => {
  await using sink = await startSink();
  const yaml = (rules: string) => `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
receivers:
  ops: [{ integration: pager }]
  team: [{ integration: chat }]
${rules}
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  routes: [{ receiver: team, matchers: ['team="shop"'] }]
`;
  await using hub = await startHub({
    yaml: yaml(`
rules:
  - id: carts-are-the-shops
    when: alert.labels.service.re("^cart-") && alert.severity != "critical"
    set: { labels: { team: shop }, priority: info, annotations: { runbook_url: "https://example.org/cart" } }
`),
  });
  const body = alertmanagerBody(
    { name: 'Slow', severity: 'warning', labels: { service: 'cart-eu' } },
    { name: 'Down', severity: 'critical', labels: { service: 'cart-eu' } },
  );
  await processed(hub, await hub.send('/hooks/prom', body));
  await until('both are told', () => sink.requests.length === 2);
  const toldAt = (path: string) => sink.requests.filter((request) => request.path === path).map(told);
  assert.deepEqual([toldAt('/chat'), toldAt('/pager')], [['firing: Slow firing'], ['firing: Down firing']]);

  const [slow] = await list(hub, 'alerts?severity=warning');
  const { json } = await hub.get(`/api/v1/alerts/${slow!['fingerprint']}`);
  assert.deepEqual(
    [json.labels.team, json.priority, json.annotations.runbook_url],
    ['shop', 'info', 'https://example.org/cart'],
  );
  const [said] = json.decisions.filter(({ stage }: { stage: string }) => stage === 'filter');
  assert.deepEqual(
    [said.rule, said.outcome, said.count],
    ['carts-are-the-shops', 'priority info, label team=shop, annotation runbook_url', 1],
  );

  // The same alert without the rule: one more statement of it, not another alert.
  await hub.reload(yaml('rules: []'));
  await processed(hub, await hub.send('/hooks/prom', { ...body, externalURL: 'http://other.example.org' }));
  const all = await list(hub, 'alerts');
  assert.equal(all.length, 2);
});

test('[BR-AP-021] [BR-QUAL-002] [BR-QUAL-016] a namespace that nobody knows counts as production and says so, and routes match what it counts as', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
receivers:
  ops: [{ integration: pager }]
  developers: [{ integration: chat }]
classification:
  file: ./namespaces.yaml
  write_labels: { environment: environment, business_unit: unit }
rules:
  - id: developers-sleep
    when: facts.environment == "development" && alert.severity == "info"
    hold: development is looked at in the morning
routes:
  receiver: ops
  group_by: [namespace]
  group_wait: 0s
  routes: [{ receiver: developers, matchers: ['environment="development"'] }]
`,
    files: {
      'namespaces.yaml': `
rules: [{ id: letter-d, on: [name], words: [d], position: last, says: development }]
tenants: [{ id: shop, on: [name], words: [shop], tenant: shop, business_unit: retail }]
standards: [{ id: three-parts, pattern: '[a-z]+-[a-z]+-[a-z]+' }]
`,
    },
  });
  const statements = ['shop-cart-d', 'zebra'].map((namespace) => ({
    name: 'Slow',
    severity: 'warning',
    labels: { namespace },
  }));
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...statements)));
  await until('both are told', () => sink.requests.length === 2);
  assert.deepEqual(sink.requests.map(({ path }) => path).sort(), ['/chat', '/pager']);

  const details = async (namespace: string) => {
    const [alert] = await list(hub, `alerts?matcher=${encodeURIComponent(`namespace="${namespace}"`)}`);
    return (await hub.get(`/api/v1/alerts/${alert!['fingerprint']}`)).json;
  };
  const shop = await details('shop-cart-d');
  assert.deepEqual(shop.facts, { environment: 'development', certainty: 'certain', business_unit: 'retail' });
  assert.equal(shop.labels.unit, 'retail');
  const zebra = await details('zebra');
  assert.deepEqual(zebra.facts, {
    environment: 'production',
    certainty: 'unknown',
    is_production: true,
    findings: [
      {
        standard: 'three-parts',
        message: 'the name does not match [a-z]+-[a-z]+-[a-z]+',
        advice: 'Rename the namespace or correct its labels.',
      },
    ],
  });
  const [said] = zebra.decisions.filter(({ stage }: { stage: string }) => stage === 'classify');
  assert.deepEqual(
    [said.rule, said.outcome],
    ['nothing-said', 'production, unknown: counts as production because nothing says the environment'],
  );
});

/** A filter as somebody outside would write it: a plain object, in a file beside the configuration. */
const NIGHT_SHIFT = `
export default {
  id: 'night-shift', title: 'Night shift', summary: 'Holds what the day shift looks at.', version: '1.0.0',
  config: { type: 'object', additionalProperties: false, properties: { teams: { type: 'array', items: { type: 'string' } } }, required: ['teams'] },
  filter: {
    decide: ({ labels }, { teams }) => {
      if (labels.team === 'broken') throw new Error('no such team');
      return teams.includes(labels.team) ? { hold: 'the day shift looks at ' + labels.team } : 'pass';
    },
  },
};
`;

test('[BR-AP-001] [BR-AP-010] [BR-AP-023] what rules and filters hold is kept with its reason and nobody is told; what passes later is told', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    files: { 'night-shift.mjs': NIGHT_SHIFT },
    yaml: `
connectors: ["./night-shift.mjs"]
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  night: { connector: night-shift, config: { teams: [batch] } }
receivers: { ops: [{ integration: pager }] }
classification: {}
rules:
  - { id: night, filter: night }
  - id: quiet-development
    when: facts.environment == "development" && alert.severity != "critical" && alert.annotations.urgent == ""
    hold: development waits for the morning
  - { id: never, when: facts.context.cmdb.owner == "x", hold: '' }
routes: { receiver: ops, group_by: [alertname], group_wait: 0s, group_interval: 1m }
`,
  });
  const alerts = [
    { name: 'Slow', severity: 'warning', labels: { namespace: 'shop-dev' } },
    { name: 'Late', severity: 'warning', labels: { team: 'batch', namespace: 'shop-dev' } },
    { name: 'Odd', severity: 'warning', labels: { team: 'broken', namespace: 'shop-prod' } },
  ];
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...alerts)));
  await until('the one that passes is told', () => sink.requests.length === 1);
  assert.deepEqual(sink.requests.map(told), ['firing: Odd firing']);

  const details = async (name: string) => {
    const [alert] = await list(hub, `alerts?matcher=${encodeURIComponent(`alertname="${name}"`)}`);
    return (await hub.get(`/api/v1/alerts/${alert!['fingerprint']}`)).json;
  };
  await hub.forward(5 * 60_000);
  const slow = await details('Slow');
  assert.equal(slow.status, 'firing');
  assert.deepEqual(slow.hold, {
    reason: 'filtered',
    rule: 'quiet-development',
    comment: 'development waits for the morning',
  });
  assert.deepEqual((await details('Late')).hold, {
    reason: 'filtered',
    rule: 'night',
    comment: 'the day shift looks at batch',
  });
  const odd = (await details('Odd')).decisions.find(({ stage }: { stage: string }) => stage === 'filter');
  assert.deepEqual([odd.rule, odd.outcome], ['night', 'failed: Error: no such team']);

  const rules = await list(hub, 'rules');
  assert.deepEqual(
    rules.map(({ id, matches, failures, is_late: late }) => [id, matches, failures, late]),
    [
      ['night', 1, 1, false],
      ['quiet-development', 2, 0, false],
      ['never', 0, 0, true],
    ],
  );
  assert.equal(rules[0]!['last_match'].fingerprint, (await details('Late')).fingerprint);
  const { text } = await hub.get('/metrics');
  assert.match(text, /signalbox_rule_matches_total\{rule="quiet-development"\} 2/);
  assert.match(text, /signalbox_prepare_failures_total\{stage="filter"\} 1/);

  // The sender says that it is urgent now: the hold ends with that statement.
  const body = alertmanagerBody(alerts[0]!) as { alerts: { annotations: object }[] };
  body.alerts[0]!.annotations = { urgent: 'yes' };
  await processed(hub, await hub.send('/hooks/prom', body));
  await hub.forward(2 * 60_000);
  await until('it is told', () => sink.requests.some((request) => told(request).includes('Slow')));
  const released = await details('Slow');
  assert.equal(released.hold, undefined);
  assert.ok(released.decisions.some(({ outcome }: { outcome: string }) => outcome === 'no longer held'));
  assert.ok(!sink.requests.some((request) => told(request).includes('Late')));
});

test('a rule that comes while an alert fires takes it to another group with its next statement: who was told is told that it is over', async () => {
  await using sink = await startSink();
  const yaml = (rules: string) => `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
receivers:
  ops: [{ integration: pager }]
  team: [{ integration: chat }]
rules: [${rules}]
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1m
  routes: [{ receiver: team, matchers: ['team="shop"'] }]
`;
  await using hub = await startHub({ yaml: yaml('') });
  const body = alertmanagerBody({ name: 'Slow', labels: { service: 'cart' } }) as {
    alerts: { annotations: object }[];
  };
  const say = async (round: string) => {
    body.alerts[0]!.annotations = { round };
    await processed(hub, await hub.send('/hooks/prom', body));
  };
  const toldAt = (path: string) => sink.requests.filter((request) => request.path === path).map(told);
  await say('1');
  await until('the one is told', () => toldAt('/pager').length === 1);

  await hub.reload(
    yaml(`{ id: r, when: 'alert.labels.service == "cart"', set: { labels: { team: shop } } }`),
  );
  await say('2');
  await until('the other is told', () => toldAt('/chat').length === 1);
  await hub.forward(2 * 60_000);
  await until('the one is told that it is over', () => toldAt('/pager').length === 2);
  assert.deepEqual(toldAt('/pager'), ['firing: Slow firing', 'resolved: Slow resolved']);
  assert.deepEqual(toldAt('/chat'), ['firing: Slow firing']);
  const [alert] = await list(hub, 'alerts');
  assert.deepEqual([alert!['status'], alert!['episode']], ['firing', 1]);
  const groups = await list(hub, 'groups');
  assert.deepEqual(
    groups.map(({ receiver }) => receiver),
    ['team'],
  );

  // And back again.
  await hub.reload(yaml(''));
  await say('3');
  await until('the one is told anew', () => toldAt('/pager').length === 3);
  await hub.forward(2 * 60_000);
  await until('the other is told that it is over', () => toldAt('/chat').length === 2);
  assert.deepEqual(
    [toldAt('/pager').at(-1), toldAt('/chat').at(-1)],
    ['firing: Slow firing', 'resolved: Slow resolved'],
  );
});

test('[BR-AP-022] namespaces of a running hub are classified by expressions; where one fails the alert counts as production and says why', async () => {
  await using hub = await startHub({
    yaml: `
integrations: { prom: { connector: alertmanager } }
receivers: { nobody: [] }
routes: { receiver: nobody }
classification:
  rule_set:
    rules:
      - { id: beta, when: 'name.startsWith("shop-") && labels.stage == "beta"', says: staging }
      - { id: tiers, when: 'has(labels.tier) && int(labels.tier) > 2', says: production }
`,
  });
  const body = alertmanagerBody(
    { name: 'Beta', labels: { namespace: 'shop-cart', stage: 'beta' } },
    { name: 'Other', labels: { namespace: 'shop-cart', stage: 'alpha' } },
    { name: 'Broken', labels: { namespace: 'shop-cart', stage: 'beta', tier: 'gold' } },
  );
  await processed(hub, await hub.send('/hooks/prom', body));
  const alerts = await list(hub, 'alerts');
  const known = new Map(alerts.map((alert) => [alert.labels.alertname, alert]));
  assert.deepEqual(
    ['Beta', 'Other', 'Broken'].map((name) => {
      const { environment, certainty } = known.get(name).facts;
      return [environment, certainty];
    }),
    [
      ['staging', 'certain'],
      ['production', 'unknown'],
      ['production', 'contradictory'],
    ],
  );
  const explain = async (name: string) =>
    JSON.stringify((await hub.get(`/api/v1/alerts/${known.get(name).fingerprint}/explain`)).json);
  assert.match(await explain('Beta'), /the condition of the rule beta says staging/);
  assert.match(await explain('Broken'), /failed: The expression fails at `int\(labels\.tier\)`/);
  assert.match((await hub.get('/metrics')).text, /signalbox_prepare_failures_total\{stage="classify"\} 1/);
});
