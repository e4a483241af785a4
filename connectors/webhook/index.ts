import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { notifier } from './notifier.ts';

export default defineConnector({
  id: 'webhook',
  title: 'Webhook',
  summary:
    'Posts notifications as Alertmanager JSON, CloudEvents or your own template, signed when you wish.',
  version: '1.0.0',
  vendorVersions: 'Alertmanager webhook version 4, CloudEvents 1.0, Standard Webhooks 1.0.0',
  config,
  notifier,
});
