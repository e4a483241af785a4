import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub } from '../harness.ts';
import { alertmanagerBody, found, list, processed, sorted, told } from './told.ts';

const json = { 'content-type': 'application/json' };

test('[BR-WH-002] [BR-WH-016] [BR-WH-020] [ADR6-067] endpoints stand side by side, each with its own paths, proof, limits and labels', async () => {
  await using hub = await startHub({
    env: { PROM_TOKEN: 'token-of-prom', CI_SECRET: 'secret-of-ci' },
    yaml: `
integrations:
  prom:
    connector: alertmanager
    paths: [/alerts/v4, /alerts/old]
    auth: { bearer: "\${env:PROM_TOKEN}" }
    labels: { cluster: eu-1 }
  ci:
    connector: generic
    auth: { hmac: { preset: github, secret: "\${env:CI_SECRET}" } }
    limits: { body: 200, rate: 1, burst: 2 }
  nobody: { connector: console }
receivers: { none: [] }
routes: { receiver: none }
`,
  });
  const bearer = { authorization: 'Bearer token-of-prom' };
  const sign = (body: string) => ({
    ...json,
    'x-hub-signature-256': `sha256=${createHmac('sha256', 'secret-of-ci').update(body).digest('hex')}`,
  });
  const body = alertmanagerBody({ name: 'A' });
  const status = async (path: string, content: unknown, headers = {}) =>
    (await hub.send(path, content, headers)).status;

  assert.equal(await status('/alerts/v4', body, bearer), 202);
  assert.equal(await status('/alerts/old', alertmanagerBody({ name: 'B' }), bearer), 202);
  assert.equal(await status('/alerts/v4', body), 401);
  assert.equal(await status('/hooks/prom', body, bearer), 404, 'other paths were said');
  const failed = JSON.stringify({ title: 'Build failed' });
  assert.equal(await status('/hooks/ci', failed, sign(failed)), 202);
  assert.equal(
    await status('/hooks/ci', failed, { ...json, ...bearer }),
    401,
    'the proof of another endpoint',
  );
  const large = JSON.stringify({ title: 'x'.repeat(300) });
  assert.equal(await status('/hooks/ci', large, sign(large)), 413);
  assert.equal(await status('/hooks/ci', failed, sign(failed)), 202);
  const limited = await hub.send('/hooks/ci', failed, sign(failed));
  assert.equal(limited.status, 429);
  assert.ok(Number(limited.headers.get('retry-after')) >= 1);
  assert.equal(await status('/alerts/v4', body, bearer), 202, 'the limit of one is no limit of the other');

  const alert = await found(hub, 'alerts', ({ labels }) => labels.alertname === 'A');
  assert.equal(alert.labels.cluster, 'eu-1');
});

test('[BR-INT-011] [BR-WH-018] [BR-AP-003] [VPA-026] [VPA-027] [VPA-028] JSON, XML, YAML and form data say the same alert, and it is told in one form', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  any: { connector: generic }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_wait: 10s }
`,
  });
  const bodies: readonly [type: string, body: string][] = [
    ['application/json', '{"title":"Link down","severity":"critical","host":"sw-3"}'],
    [
      'application/xml',
      '<alert><title>Link down</title><severity>critical</severity><host>sw-3</host></alert>',
    ],
    ['application/yaml', 'title: Link down\nseverity: critical\nhost: sw-3\n'],
    ['application/x-www-form-urlencoded', 'title=Link+down&severity=critical&host=sw-3'],
  ];
  const fingerprints = new Set<string>();
  for (const [type, body] of bodies) {
    const receipt = await processed(hub, await hub.send('/hooks/any', body, { 'content-type': type }));
    for (const fingerprint of receipt.alerts) fingerprints.add(fingerprint);
  }
  assert.equal(fingerprints.size, 1);
  const [alert, ...others] = await list(hub, 'alerts');
  assert.equal(others.length, 0);
  assert.equal(alert.occurrences, 4);
  assert.deepEqual(alert.labels, { alertname: 'Link down', severity: 'critical', host: 'sw-3' });

  await hub.forward(10_000);
  const [request] = await sink.received(1);
  assert.equal(request!.headers['content-type'], 'application/json');
  assert.equal(told(request!), 'firing: Link down firing');
});

test('[BR-INT-012] [BR-INT-013] [BR-AP-005] what comes as XML goes out as JSON, and what comes as JSON goes out as XML or YAML by a template', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  any:
    connector: generic
    config:
      labels: { alertname: 'body.ticket.title', room: 'body.ticket.room' }
      severity: 'body.ticket.urgency'
  as-json:
    connector: webhook
    config: { url: "${sink.url}/json", format: template, template: '{"room":{{ commonLabels.room | json }}}' }
  as-xml:
    connector: webhook
    config:
      url: "${sink.url}/xml"
      format: template
      content_type: application/xml
      template: '<alarm room="{{ commonLabels.room | escape }}">{{ commonLabels.alertname | escape }}</alarm>'
  as-yaml:
    connector: webhook
    config:
      url: "${sink.url}/yaml"
      format: template
      content_type: application/yaml
      template: "room: {{ commonLabels.room | json }}\\n"
receivers: { ops: [{ integration: as-json }, { integration: as-xml }, { integration: as-yaml }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s }
`,
  });
  const sent = async () =>
    Object.fromEntries((await sink.received(3)).slice(-3).map(({ path, body }) => [path, body]));

  const xml = '<ticket><title>Heat &amp; smoke</title><room>B12</room><urgency>major</urgency></ticket>';
  await hub.send('/hooks/any', xml, { 'content-type': 'application/xml' });
  const expected = {
    '/json': '{"room":"B12"}',
    '/xml': '<alarm room="B12">Heat &amp; smoke</alarm>',
    '/yaml': 'room: "B12"\n',
  };
  assert.deepEqual(await sent(), expected);
  await hub.send('/hooks/any', { ticket: { title: 'Heat & smoke', room: 'C3', urgency: 'major' } });
  await sink.received(6);
  assert.deepEqual(
    Object.values(await sent()).sort(),
    Object.values(expected)
      .map((text) => text.replace('B12', 'C3'))
      .sort(),
  );
});

test('[BR-INT-007] [VPA-097] [VPA-028] CloudEvents come in as structured, binary, batch or the flat seed form, and go out as CloudEvents', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  events: { connector: cloudevents }
  bus: { connector: webhook, config: { url: "${sink.url}", format: cloudevents } }
receivers: { bus: [{ integration: bus }] }
routes: { receiver: bus, group_by: ['...'], group_wait: 0s }
`,
  });
  const event = (id: string) => ({
    specversion: '1.0',
    id,
    source: '/backup',
    type: 'backup.failed',
    subject: id,
    data: { tape: id },
  });
  const send = async (body: unknown, headers: Record<string, string>) =>
    processed(hub, await hub.send('/hooks/events', body, headers));
  await send(event('s-1'), { 'content-type': 'application/cloudevents+json' });
  await send([event('b-1'), event('b-2')], { 'content-type': 'application/cloudevents-batch+json' });
  await send(
    { tape: 'h-1' },
    {
      ...json,
      'ce-specversion': '1.0',
      'ce-id': 'h-1',
      'ce-source': '/backup',
      'ce-type': 'backup.failed',
      'ce-subject': 'h-1',
    },
  );
  await send(
    {
      event_type: 'vpa_recommendation_generated',
      timestamp: '2024-01-15T10:30:00Z',
      tenant_id: 'tenant-123',
      resource_id: 'pod-456',
      recommendation: { cpu: '500m', memory: '1Gi' },
      confidence_score: 0.95,
    },
    json,
  );

  const names = (await list(hub, 'alerts')).map(({ labels }) => labels.alertname);
  assert.deepEqual(sorted(names), [...Array(4).fill('backup.failed'), 'vpa_recommendation_generated']);
  for (const { headers, body } of await sink.received(5)) {
    assert.match(headers['content-type'] ?? '', /^application\/cloudevents\+json/);
    const { specversion, id, source, type, data } = JSON.parse(body) as Record<string, unknown>;
    assert.equal(specversion, '1.0');
    assert.ok(id && source && type && data);
  }
});

test('[BR-WH-017] [VPA-029] [VPA-030] headers that are let through reach the alert, times are RFC 3339 in UTC, and ids lead from the request to the delivery', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager, headers: [X-Region] }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_wait: 0s }
`,
  });
  const answer = await hub.send(
    '/hooks/prom',
    alertmanagerBody({ name: 'Late', startsAt: '2026-01-02T03:04:05+02:00' }),
    { 'X-Region': 'eu', 'X-Secret': 'not let through' },
  );
  const receipt = await processed(hub, answer);
  const alert = (await hub.get(`/api/v1/alerts/${receipt.alerts[0]}`)).json;
  assert.equal(alert.starts_at, '2026-01-02T01:04:05.000Z');
  assert.deepEqual(alert.details.headers, { 'x-region': 'eu' });
  const times = Object.entries(alert).filter(([name]) => name.endsWith('_at'));
  for (const [name, time] of times)
    assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, name);

  const [request] = await sink.received(1);
  const delivery = await found(hub, 'deliveries?status=delivered');
  assert.equal(request!.headers['idempotency-key'], delivery.id);
  assert.equal(request!.headers['x-correlation-id'], delivery.notification_id);
  assert.deepEqual(
    alert.groups.map(({ id }: { id: string }) => id),
    [delivery.group_id],
  );
  const notification = (await hub.get(`/api/v1/notifications/${delivery.notification_id}`)).json;
  assert.deepEqual(
    notification.alerts.map(({ fingerprint }: { fingerprint: string }) => fingerprint),
    receipt.alerts,
  );
});

test('[BR-INT-014] [BR-WH-003] [ADR6-043] a payload that breaks its schema is refused with the path of the field, and touches no alert', async () => {
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  events: { connector: cloudevents }
receivers: { none: [] }
routes: { receiver: none }
`,
  });
  const wrong: readonly [path: string, body: unknown, field: RegExp][] = [
    ['/hooks/prom', { version: '3', alerts: [] }, /^version$/],
    [
      '/hooks/prom',
      { version: '4', alerts: [{ status: 'firing', labels: { alertname: 7 } }] },
      /alerts\[0\]\.labels/,
    ],
    ['/hooks/prom', { version: '4', alerts: [{ status: 'burning', labels: {} }] }, /alerts\[0\]\.status/],
    ['/hooks/events', { specversion: '1.0', id: '', source: '/x', type: 't' }, /^id$/],
  ];
  for (const [path, body, field] of wrong) {
    const { status, json: problem } = await hub.send(path, body);
    assert.equal(status, 422);
    assert.match(problem.field, field);
  }
  assert.equal((await hub.send('/hooks/prom', '{"version":', json)).status, 400);
  await found(hub, 'quarantine', ({ integration }) => integration === 'events');
  assert.deepEqual(await list(hub, 'alerts'), []);
});

test('[BR-REL-012] a "firing" that its sender dates before the resolve, and that comes late, does not open the alert again', async () => {
  await using hub = await startHub({
    yaml: `
integrations:
  events: { connector: cloudevents, dedupe_window: 0s }
receivers: { none: [] }
routes: { receiver: none }
`,
  });
  const say = async (id: string, status: string, time: string) =>
    processed(
      hub,
      await hub.send('/hooks/events', {
        specversion: '1.0',
        id,
        source: '/net',
        type: 'link.down',
        subject: 'sw-1',
        time,
        data: { status },
      }),
    );
  const start = hub.now() - 600_000;
  const at = (minute: number) => new Date(start + minute * 60_000).toISOString();
  await say('1', 'firing', at(1));
  await say('3', 'resolved', at(3));
  await say('2', 'firing', at(2));
  const [alert] = await list(hub, 'alerts');
  assert.deepEqual([alert.status, alert.episode], ['resolved', 1]);
});
