import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, list, processed, told } from './told.ts';

const MINUTE = 60_000;

test('[BR-AP-026] routes ask with expressions about what is known of an alert, and it moves with what they look at: who was told is told that it is over', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
receivers:
  urgent: [{ integration: pager }]
  ops: [{ integration: chat }]
classification: {}
lifecycle:
  escalate: [{ matchers: 'severity="warning"', after: 20m, severity: critical }]
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1m
  routes:
    - { receiver: urgent, matchers: ['level=~".+"'], when: int(alert.labels.level) > 2 }
    - receiver: urgent
      matchers: ['job="shop"']
      when: facts.environment == "production" && (alert.severity == "critical" || alert.annotations.impact == "customers")
`,
  });
  const toldAt = (path: string) => sink.requests.filter((request) => request.path === path).map(told);
  const shop = { job: 'shop' };
  await processed(
    hub,
    await hub.send(
      '/hooks/prom',
      alertmanagerBody(
        { name: 'Down', severity: 'critical', labels: { ...shop, namespace: 'shop-prod' } },
        { name: 'Tried', severity: 'critical', labels: { ...shop, namespace: 'shop-dev' } },
        { name: 'Slow', severity: 'warning', labels: { ...shop, namespace: 'shop-prod' } },
        {
          name: 'Other',
          severity: 'critical',
          labels: { job: 'mail', namespace: 'mail-prod', level: 'high' },
        },
      ),
    ),
  );
  await until('all are told', () => sink.requests.length === 4);
  assert.deepEqual(toldAt('/pager'), ['firing: Down firing']);
  assert.deepEqual(toldAt('/chat').toSorted(), [
    'firing: Other firing',
    'firing: Slow firing',
    'firing: Tried firing',
  ]);

  const [other] = await list(hub, 'alerts?matcher=alertname%3DOther');
  const why = (await hub.get(`/api/v1/alerts/${other!['fingerprint']}/explain`)).text;
  assert.match(why, /failed: .*"/, 'an expression that fails does not hold, and says so');

  // Raised by its age alone, without a word of its source.
  await hub.forward(21 * MINUTE);
  await until('it went to the other receiver', () => toldAt('/pager').includes('firing: Slow firing'));
  await hub.forward(2 * MINUTE);
  await until('those who had it are told', () => toldAt('/chat').includes('resolved: Slow resolved'));

  const [slow] = await list(hub, 'alerts?matcher=alertname%3DSlow');
  const { json } = await hub.get(`/api/v1/alerts/${slow!['fingerprint']}/explain`);
  const route = json.chain.find(({ stage }: { stage: string }) => stage === 'route');
  assert.match(JSON.stringify(route), /receiver urgent.*facts\.environment == .*holds/);

  await processed(
    hub,
    await hub.send(
      '/hooks/prom',
      alertmanagerBody({
        name: 'Slow',
        severity: 'warning',
        status: 'resolved',
        labels: { ...shop, namespace: 'shop-prod' },
      }),
    ),
  );
  await hub.forward(2 * MINUTE);
  await until('its end is told where it was last', () =>
    toldAt('/pager').includes('resolved: Slow resolved'),
  );
  assert.equal(toldAt('/chat').filter((line) => line.includes('Slow')).length, 2);
});
