import { defineConnector } from '@signalbox/sdk';
import { config } from './config.ts';
import { directory } from './directory.ts';
import { probe } from './probe.ts';

export default defineConnector({
  id: 'ldap',
  title: 'LDAP',
  summary: 'Reads people, teams, units and cost centers of the organization from an LDAP directory.',
  version: '1.0.0',
  vendorVersions:
    'LDAPv3 (RFC 4511) with paged results (RFC 2696); OpenLDAP 2.5, Active Directory by its own attributes',
  config,
  directory,
  probe,
});
