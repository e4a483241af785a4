import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isFault, validateConfig } from '@signalbox/sdk';
import { testContext } from '@signalbox/sdk/testing';
import type { LdapConfig } from '../../connectors/ldap/config.ts';
import ldap from '../../connectors/ldap/index.ts';
import { runCli } from '../../src/cli/testing/run-cli.ts';
import { startHub, until } from '../harness.ts';
import { missingSlapd, READER, READER_PASSWORD, startSlapd, SUFFIX, type Slapd } from './slapd.ts';

/** More than two pages of the smallest page that the tests use. */
const PEOPLE = 25;

const ENTRIES = [
  `dn: ${SUFFIX}\nobjectClass: organization\nobjectClass: dcObject\no: Example\ndc: example`,
  ...['teams', 'people', 'retail'].map(
    (ou) => `dn: ou=${ou},${SUFFIX}\nobjectClass: organizationalUnit\nou: ${ou}`,
  ),
  `dn: cn=commerce-payments,ou=teams,${SUFFIX}\nobjectClass: groupOfNames\ncn: commerce-payments\nmember: uid=p1,ou=people,${SUFFIX}\ndescription: payments\ndescription: pay`,
  `dn: cn=risk,ou=teams,${SUFFIX}\nobjectClass: groupOfNames\ncn: risk\nmember: uid=p1,ou=people,${SUFFIX}`,
  ...Array.from(
    { length: PEOPLE },
    (_, index) =>
      `dn: uid=p${index},ou=people,${SUFFIX}\nobjectClass: inetOrgPerson\nuid: p${index}\ncn: Person ${index}\nsn: ${index}\nmail: p${index}@example.org${index === 3 ? '\nemployeeType: former' : ''}`,
  ),
].join('\n\n');

const SEARCHES = [
  {
    kind: 'team',
    base: `ou=teams,${SUFFIX}`,
    filter: '(objectClass=groupOfNames)',
    former_names: ['description'],
  },
  {
    kind: 'person',
    base: `ou=people,${SUFFIX}`,
    filter: '(objectClass=inetOrgPerson)',
    name: 'uid',
    aliases: ['cn', 'mail'],
    inactive: { attribute: 'employeeType', values: ['former'] },
  },
  { kind: 'unit', base: SUFFIX, filter: '(objectClass=organizationalUnit)', scope: 'one', name: 'ou' },
];

async function start(t: TestContext): Promise<Slapd | undefined> {
  const missing = missingSlapd();
  if (missing !== undefined) {
    t.skip(missing);
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-slapd-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const slapd = await startSlapd(folder, ENTRIES);
  t.after(() => slapd.program.stop());
  return slapd;
}

function contextOf(t: TestContext, slapd: Slapd, changes: object = {}, signal?: AbortSignal) {
  const result = validateConfig(ldap.config, {
    url: slapd.secureUrl,
    ca: slapd.ca,
    bind_dn: READER,
    bind_password: READER_PASSWORD,
    page_size: 10,
    searches: SEARCHES,
    ...changes,
  });
  assert.ok(result.ok, JSON.stringify(result));
  const { config } = result;
  const made = testContext<LdapConfig>({ config, ...(signal ? { signal } : {}) });
  t.after(made.close);
  return made.context;
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it succeeded'),
    (thrown: unknown) => thrown,
  );
  assert.ok(isFault(error), String(error));
  assert.doesNotMatch(error.message, /pa55|person/i);
  return error.code;
}

test('[BR-QUAL-011] [BR-AP-030] a real OpenLDAP is read whole, over LDAPS and STARTTLS, with what was renamed and who left', async (t) => {
  const slapd = await start(t);
  if (!slapd) return;
  for (const url of [slapd.secureUrl, slapd.url]) {
    const context = contextOf(t, slapd, { url });
    await ldap.probe!(context);
    const teams = await ldap.directory!.list(undefined, context);
    assert.deepEqual(
      teams.entries.map(({ id, ...entry }) => [/^[0-9a-f-]{36}$/.test(id), entry]),
      [
        [
          true,
          {
            kind: 'team',
            name: 'commerce-payments',
            isActive: true,
            formerNames: ['payments', 'pay'],
            parents: ['teams'],
          },
        ],
        [true, { kind: 'team', name: 'risk', isActive: true, parents: ['teams'] }],
      ],
    );
    const people = await ldap.directory!.list(teams.next, context);
    assert.equal(people.entries.length, PEOPLE, 'all pages');
    assert.deepEqual(
      people.entries.filter(({ isActive }) => !isActive).map(({ name, aliases }) => [name, aliases]),
      [['p3', ['Person 3', 'p3@example.org']]],
    );
    const units = await ldap.directory!.list(people.next, context);
    assert.deepEqual(units.entries.map(({ name }) => name).toSorted(), ['people', 'retail', 'teams']);
    assert.equal(units.next, undefined);
  }
});

test('[BR-QUAL-011] what a real OpenLDAP refuses is the fault that a person can act on', async (t) => {
  const slapd = await start(t);
  if (!slapd) return;
  const list = (changes: object, signal?: AbortSignal) =>
    faultOf(ldap.directory!.list(undefined, contextOf(t, slapd, changes, signal)));
  assert.equal(await list({ bind_password: 'wrong-pa55' }), 'SB_AUTH');
  assert.equal(
    await list({ bind_password: undefined, bind_dn: undefined }),
    'SB_AUTH',
    'nobody is let in unnamed',
  );
  assert.equal(await list({ searches: [{ kind: 'team', base: `ou=nowhere,${SUFFIX}` }] }), 'SB_CONFIG');
  assert.equal(await list({ searches: [{ kind: 'team', base: SUFFIX, filter: '(cn=' }] }), 'SB_CONFIG');
  assert.equal(
    await list({ ca: undefined }),
    'SB_CONFIG',
    'a certificate of an authority that is not trusted',
  );
  assert.equal(await list({ url: 'ldaps://127.0.0.1:1' }), 'SB_UNAVAILABLE');
  assert.equal(await list({}, AbortSignal.abort()), 'SB_UNAVAILABLE');
});

test('[BR-QUAL-011] names of a configuration are compared with a real OpenLDAP, by the hub and by check', async (t) => {
  const slapd = await start(t);
  if (!slapd) return;
  const config = {
    url: slapd.secureUrl,
    ca: slapd.ca,
    bind_dn: READER,
    bind_password: READER_PASSWORD,
    searches: SEARCHES,
  };
  const yaml = JSON.stringify({
    integrations: { prom: { connector: 'alertmanager' }, people: { connector: 'ldap', config } },
    directory: { integration: 'people' },
    receivers: { ops: [] },
    routes: {
      receiver: 'ops',
      routes: [
        { matchers: 'team="payments"', receiver: 'ops' },
        { matchers: 'team=~"risk|retail"', receiver: 'ops' },
      ],
    },
  });
  await using hub = await startHub({ yaml });
  const found = await until('the directory was read', async () => {
    const { json } = await hub.get('/api/v1/classification/directory');
    return json.state === 'read' && json;
  });
  assert.deepEqual(
    found.findings.map((one: Record<string, string>) => [one.verdict, one.name, one.to]),
    [['renamed', 'payments', 'commerce-payments']],
  );
  const checked = await runCli(['check', 'signalbox.yaml', '--directory'], { folder: hub.folder });
  assert.match(checked.stdout, /the team "payments" is called "commerce-payments" now/, checked.stderr);
});
