import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { notifier } from './notifier.ts';
import { probe } from './probe.ts';

export default defineConnector({
  id: 'discord',
  title: 'Discord',
  summary: 'Tells a channel through a webhook; each notification is a message with one embed.',
  version: '1.0.0',
  vendorVersions: 'Discord API v10 and the webhooks without a version',
  config,
  notifier,
  probe,
});
