import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conformance } from '@signalbox/sdk/testing';
import type { LdapSearch } from './config.ts';
import ldap from './index.ts';
import { readEntry, wantedOf } from './read-entry.ts';

conformance(ldap, {
  dir: import.meta.dirname,
  transport: 'other',
  vendor: ['ldapts'],
  config: () => ({
    url: 'ldaps://ldap.example.org',
    bind_dn: 'cn=signalbox,dc=example,dc=org',
    bind_password: 'test-pa55',
    searches: [{ kind: 'team', base: 'ou=teams,dc=example,dc=org' }],
  }),
});

const TEAM: LdapSearch = {
  kind: 'team',
  base: 'ou=teams,dc=example,dc=org',
  filter: '(objectClass=*)',
  scope: 'sub',
  id: 'entryUUID',
  name: 'cn',
  aliases: ['mail'],
  former_names: ['description'],
  inactive: { attribute: 'employeeType', values: ['former'] },
};

test('an entry is read by its attributes, however they are written, with what it belongs to', () => {
  const raw = {
    dn: 'cn=pay,ou=retail\\, online,dc=example,dc=org',
    CN: ['pay', 'payments team'],
    entryuuid: 'u-1',
    description: [],
    memberOf: 'cn=commerce,ou=teams,dc=example,dc=org',
  };
  assert.deepEqual(readEntry(raw, TEAM), {
    id: 'u-1',
    kind: 'team',
    name: 'pay',
    isActive: true,
    aliases: ['payments team'],
    parents: ['commerce', 'retail, online'],
  });
});

test('an entry may have left, may have bytes for an id, and is left out without a name', () => {
  const dn = 'cn=x,dc=example,dc=org';
  const search = { ...TEAM, id: 'objectGUID' };
  assert.deepEqual(wantedOf(search).explicitBufferAttributes, ['objectGUID']);
  const left = readEntry(
    { dn, cn: 'x', objectGUID: Buffer.from('0aff', 'hex'), employeeType: 'former' },
    search,
  );
  assert.deepEqual(left, { id: '0aff', kind: 'team', name: 'x', isActive: false });
  assert.equal(readEntry({ dn, mail: 'x@example.org' }, TEAM), undefined);
});
