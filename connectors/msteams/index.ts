import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { notifier } from './notifier.ts';

export default defineConnector({
  id: 'msteams',
  title: 'Microsoft Teams',
  summary: 'Tells a channel or chat through a workflow of Teams; each notification is a card.',
  version: '1.0.0',
  vendorVersions: 'Workflows for Microsoft Teams as of November 2026; Adaptive Cards 1.2',
  config,
  notifier,
});
