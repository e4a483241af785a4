import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { notifier } from './notifier.ts';
import { probe } from './probe.ts';

export default defineConnector({
  id: 'slack',
  title: 'Slack',
  summary: 'Shows each group as one message that changes with it, or posts through an incoming webhook.',
  version: '1.0.0',
  vendorVersions: 'Slack Web API and incoming webhooks as of November 2026',
  config,
  notifier,
  probe,
});
