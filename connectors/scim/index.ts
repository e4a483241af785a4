import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { directory } from './directory.ts';
import { probe } from './probe.ts';

export default defineConnector({
  id: 'scim',
  title: 'SCIM',
  summary: 'Reads people, teams, units and cost centers of the organization over SCIM 2.0.',
  version: '1.0.0',
  vendorVersions: 'SCIM 2.0 (RFC 7643, RFC 7644)',
  config,
  directory,
  probe,
});
