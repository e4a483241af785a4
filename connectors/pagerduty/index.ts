import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { notifier } from './notifier.ts';
import { probe } from './probe.ts';

export default defineConnector({
  id: 'pagerduty',
  title: 'PagerDuty',
  summary:
    'Opens one PagerDuty alert for each group, updates it as the group changes and resolves it at the end.',
  version: '1.0.0',
  vendorVersions: 'PagerDuty Events API v2 as of November 2026',
  config,
  notifier,
  probe,
});
