import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { notifier } from './notifier.ts';
import { closePool, probe } from './pool.ts';

export default defineConnector({
  id: 'email',
  title: 'E-mail',
  summary: 'Sends notifications by SMTP as HTML and plain text, one thread per group.',
  version: '1.0.0',
  vendorVersions: 'SMTP (RFC 5321) with STARTTLS (RFC 3207) or TLS (RFC 8314)',
  config,
  notifier,
  probe,
  close: closePool,
});
