import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { notifier } from './notifier.ts';
import { probe } from './probe.ts';

export default defineConnector({
  id: 'telegram',
  title: 'Telegram',
  summary: 'Tells a chat, a group or a channel through a bot; each notification is a message.',
  version: '1.0.0',
  vendorVersions: 'Telegram Bot API 7.0 and later',
  config,
  notifier,
  probe,
});
