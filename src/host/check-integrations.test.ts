import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type, type Connector } from '@signalbox/sdk';
import type { Settings } from '../model/settings.ts';
import { checkIntegrations } from './check-integrations.ts';

const base = { title: 'It', summary: 'It is.', version: '1.0.0' };
const sender: Connector = {
  ...base,
  id: 'sender',
  title: 'Sender',
  config: Type.Object({ url: Type.String(), deep: Type.Optional(Type.Object({ port: Type.Integer() })) }),
  notifier: {
    idempotency: 'none',
    deliver: () => Promise.resolve({ summary: '' }),
    render: () => ({ contentType: '', body: '' }),
  },
};
const listener: Connector = {
  ...base,
  id: 'listener',
  title: 'Listener',
  config: Type.Object({}),
  source: { parse: () => [] },
};
const loaded = {
  connectors: new Map([sender, listener].map((connector) => [connector.id, connector])),
  broken: [{ id: 'torn', reason: 'Unexpected token' }],
};

type Parts = Pick<Settings, 'integrations' | 'receivers' | 'watchdog'>;
const integration = (connector: string, config: object, more: object = {}) => ({
  connector,
  config,
  delivery: { fallback: [] },
  ...more,
});
const settings = (integrations: Readonly<Record<string, object>>, more: object = {}) =>
  ({
    integrations: Object.fromEntries(Object.entries(integrations).map(([id, own]) => [id, { id, ...own }])),
    receivers: {},
    watchdog: {},
    ...more,
  }) as unknown as Parts;

test('settings that fit their connectors have no problem', () => {
  const good = settings(
    { prom: integration('listener', {}, { endpoint: {} }), pager: integration('sender', { url: 'x' }) },
    { receivers: { ops: [{ integration: 'pager', sendResolved: true }] }, watchdog: { lastResort: 'pager' } },
  );
  assert.deepEqual(checkIntegrations(good, loaded), []);
});

test('problems come all at once, with their path in the configuration file', () => {
  const wrong = settings(
    {
      pager: integration(
        'sender',
        { uri: 'x', deep: { port: 'y' } },
        { delivery: { fallback: ['prom', 'gone'] } },
      ),
      prom: integration('listener', {}, { endpoint: {} }),
      push: integration('sender', { url: 'x' }, { endpoint: {} }),
      lost: integration('nowhere', {}),
      torn: integration('torn', {}),
    },
    {
      receivers: { ops: [{ integration: 'pager' }, { integration: 'prom' }] },
      watchdog: { lastResort: 'prom' },
    },
  );
  const problems = Object.fromEntries(
    checkIntegrations(wrong, loaded).map(({ path, message }) => [path, message]),
  );
  assert.deepEqual(problems, {
    'integrations.pager.config.url': 'is required',
    'integrations.pager.config.uri': 'is not a known field',
    'integrations.pager.config.deep.port': 'must be integer',
    'integrations.push.connector': 'Sender does not receive signals',
    'integrations.lost.connector': 'there is no connector nowhere; there are listener, sender',
    'integrations.torn.connector': 'the connector torn could not be loaded: Unexpected token',
    'receivers.ops[1].integration': 'Listener does not send notifications',
    'integrations.pager.delivery.fallback[0]': 'Listener does not send notifications',
    'integrations.pager.delivery.fallback[1]': 'there is no integration gone',
    'watchdog.last_resort': 'Listener does not send notifications',
  });
});
