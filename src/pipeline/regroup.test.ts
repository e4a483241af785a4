import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteSettings, Settings } from '../model/settings.ts';
import { routingSignature } from './regroup.ts';

const route: RouteSettings = {
  key: '{}',
  receiver: 'ops',
  matchers: [],
  continue: false,
  groupBy: ['service'],
  groupWaitMs: 5_000,
  groupIntervalMs: 20_000,
  repeatIntervalMs: 200_000,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  routes: [],
};
const settings: Pick<Settings, 'route' | 'receivers'> = {
  route: { ...route, routes: [{ ...route, key: '{}/{team="a"}', receiver: 'a', groupBy: '...' }] },
  receivers: { ops: [{ integration: 'pager', sendResolved: true }], a: [] },
};

test('[BR-SCALE-005] the signature of routes is that of other versions, so that a node of this one does not stand aside', () => {
  const signature = routingSignature(settings);
  assert.equal(signature, '31a01e333a9641efe00f9c0b0333f576c70f8d7389c199b6c9434afcc5be77fa');
  const later = { integration: 'pager', sendResolved: true, color: 'red' };
  assert.equal(routingSignature({ ...settings, receivers: { ops: [later], a: [] } }), signature);
});

test('other groups or other integrations have another signature', () => {
  const signatures = [
    settings,
    { ...settings, route: { ...settings.route, groupBy: ['team'] } },
    { ...settings, route },
    { ...settings, receivers: { ops: [{ integration: 'sms', sendResolved: true }], a: [] } },
    { ...settings, receivers: { ops: [{ integration: 'pager', sendResolved: false }], a: [] } },
  ].map(routingSignature);
  assert.equal(new Set(signatures).size, signatures.length);
});
