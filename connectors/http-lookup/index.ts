import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { enricher } from './enricher.ts';

export default defineConnector({
  id: 'http-lookup',
  title: 'HTTP look-up',
  summary: 'Asks an HTTP API that answers with JSON what it knows of an alert.',
  version: '1.0.0',
  vendorVersions: 'HTTP/1.1 with JSON (RFC 8259)',
  config,
  enricher,
});
