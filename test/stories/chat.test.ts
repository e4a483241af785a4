import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFakeServer } from '@signalbox/sdk/testing';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, processed } from './told.ts';

/** Where the chat rooms are told, by the start of the path; Slack's incoming webhook is there to compare with. */
const ROOMS = ['/slack', '/discord', '/teams', '/card', '/bot1:a/sendMessage'];

const yaml = (chat: string, cmdb: string) => `
integrations:
  prom: { connector: alertmanager }
  slack: { connector: slack, config: { webhook_url: "${chat}/slack" } }
  discord: { connector: discord, config: { webhook_url: "${chat}/discord" } }
  teams: { connector: msteams, config: { webhook_url: "${chat}/teams" } }
  card: { connector: msteams, config: { webhook_url: "${chat}/card", format: message_card } }
  telegram: { connector: telegram, config: { api_url: "${chat}", bot_token: "1:a", chat_id: "-100" } }
  cmdb:
    connector: http-lookup
    config: { url: "${cmdb}/{{ labels.service }}", pick: { owner: body.owner, tier: body.tier, changes: body.changes } }
receivers:
  ops: [{ integration: slack }, { integration: discord }, { integration: teams }, { integration: card }, { integration: telegram }]
routes: { receiver: ops, group_by: ['...'], group_wait: 0s }
classification: {}
enrichment:
  - { id: cmdb, integration: cmdb }
priority:
  procedures:
    levels:
      - { id: SEV1, title: Customers can’t buy, lead: incident commander, runbook_url: https://example.org/sev1, steps: [Open a call] }
    criteria:
      - { id: shop, source: section 2, matchers: service="checkout", level: SEV1 }
`;

test('[BR-NOT-005] [BR-NOT-006] every chat room is told the same of an alert: procedures, level, owner, environment, what was found, what changed, links', async () => {
  await using cleanup = new AsyncDisposableStack();
  const chat = await startFakeServer(({ path }) =>
    path === '/slack' ? { body: 'ok' } : { body: { ok: true, result: { message_id: 1 } } },
  );
  cleanup.defer(chat.close);
  const cmdb = await startFakeServer(() => ({
    body: {
      owner: 'shop-oncall',
      tier: 'gold',
      changes: [{ at: '2026-01-01T00:00:00Z', what: 'image', name: 'checkout' }],
    },
  }));
  cleanup.defer(cmdb.close);
  await using hub = await startHub({ yaml: yaml(chat.url, cmdb.url) });
  const labels = { namespace: 'shop-prod', service: 'checkout' };
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Down', labels })));

  for (const room of ROOMS) {
    const told = await until(`${room} is told`, () =>
      chat.requests.find(
        ({ path, body }) => path.startsWith(room) && JSON.stringify({ body }).includes('Down'),
      ),
    );
    // Marks and escapes differ from room to room; the words do not.
    const words = JSON.stringify(told.body).replace(/\\+n?|\*+|<\/?b>|"},{[^}]*?"text":"/g, '');
    for (const expected of [
      'SEV1: Customers can’t buy',
      'led by incident commander',
      '1. Open a call',
      'https://example.org/sev1',
      'level: SEV1 (shop)',
      'environment: production',
      'owner: shop-oncall',
      'cmdb: tier gold',
      'changed: image of checkout',
      '/explain',
      'to ops',
    ])
      assert.ok(words.includes(expected), `${room} is not told “${expected}”: ${words}`);
  }
});
