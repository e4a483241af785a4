import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { source } from './source.ts';

export default defineConnector({
  id: 'alertmanager',
  title: 'Prometheus Alertmanager',
  summary:
    'Takes the alerts that Alertmanager sends to a webhook receiver, and those that Prometheus sends to Alertmanager.',
  version: '1.0.0',
  vendorVersions: 'Alertmanager ≥ 0.6 (webhook version 4; API v2)',
  config,
  source,
});
