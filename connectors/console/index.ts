import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { notifier } from './notifier.ts';

export default defineConnector({
  id: 'console',
  title: 'Console',
  summary:
    'Prints notifications on standard output, for development and for containers whose output is collected.',
  version: '1.0.0',
  config,
  notifier,
});
