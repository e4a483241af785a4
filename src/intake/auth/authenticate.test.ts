import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { AuthSettings } from '../../model/settings.ts';
import { ALERT, endpoint, send, startIntake } from '../testing-server.ts';
import { namesOf } from './mtls.ts';
import { HMAC_PRESETS } from '../../model/hmac-presets.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const sign = (body: string, secret: string) => createHmac('sha256', secret).update(body).digest('hex');

const KINDS: readonly {
  readonly auth: AuthSettings;
  readonly good: readonly Record<string, string>[];
  readonly bad: readonly Record<string, string>[];
  readonly challenge: RegExp;
}[] = [
  {
    auth: { kind: 'bearer', tokens: ['old-token', 'new-token'] },
    good: [{ authorization: 'Bearer old-token' }, { authorization: 'bearer  new-token' }],
    bad: [
      { authorization: 'Bearer old-tokenX' },
      { authorization: 'Bearer ' },
      { authorization: 'Bearer' },
      { authorization: 'old-token' },
      { authorization: 'Basic old-token' },
      { authorization: `Bearer ${'x'.repeat(5_000)}` },
    ],
    challenge: /^Bearer /,
  },
  {
    auth: { kind: 'basic', username: 'prom', passwords: ['old:pass', 'ne\u00fc'] },
    good: [{ authorization: basic('prom:old:pass') }, { authorization: basic('prom:ne\u00fc') }],
    bad: [
      { authorization: basic('prom:') },
      { authorization: basic('Prom:old:pass') },
      { authorization: basic('prom') },
      { authorization: 'Basic !!!' },
      { authorization: 'Bearer old:pass' },
    ],
    challenge: /^Basic /,
  },
  {
    auth: { kind: 'api_key', header: 'X-Gitlab-Token', keys: ['key-1', 'key-2'] },
    good: [{ 'x-gitlab-token': 'key-1' }, { 'x-gitlab-token': 'key-2' }],
    bad: [{ 'x-gitlab-token': 'key-3' }, { 'x-gitlab-token': '' }, { 'x-other': 'key-1' }],
    challenge: /^ApiKey /,
  },
  {
    auth: { kind: 'hmac', ...HMAC_PRESETS.github, secrets: [Buffer.from('s-1'), Buffer.from('s-2')] },
    good: [
      { 'x-hub-signature-256': `sha256=${sign(ALERT, 's-1')}` },
      { 'x-hub-signature-256': `sha256=${sign(ALERT, 's-2')}` },
    ],
    bad: [
      { 'x-hub-signature-256': `sha256=${sign(`${ALERT} `, 's-1')}` },
      { 'x-hub-signature-256': sign(ALERT, 's-1') },
      { 'x-hub-signature-256': `sha256=${sign(ALERT, 's-1').slice(2)}` },
      { 'x-hub-signature-256': 'sha256=' },
    ],
    challenge: /^Signature /,
  },
];

for (const { auth, good, bad, challenge } of KINDS) {
  test(`[BR-WH-004] [BR-SEC-006] [ADR6-067] ${auth.kind}: either secret of a rotation passes, all else is refused and not kept`, async (t) => {
    const server = await startIntake(t, [endpoint({ auth: [auth] })]);
    for (const headers of good) {
      const answer = await send(server, { headers: { authorization: null, ...headers } });
      assert.equal(answer.status, 202, JSON.stringify(headers));
    }
    const taken = server.journal.records.length;
    assert.equal(taken, good.length);
    for (const headers of [{}, ...bad]) {
      const answer = await send(server, { headers: { authorization: null, ...headers } });
      assert.equal(answer.status, 401, JSON.stringify(headers));
      assert.match(answer.headers['www-authenticate'] ?? '', challenge);
      assert.doesNotMatch(answer.body.toString(), /token-|s-1|key-1|old/);
    }
    assert.equal(server.journal.records.length, taken);
  });
}

test('all kinds that are configured have to pass', async (t) => {
  const server = await startIntake(t, [
    endpoint({
      auth: [
        { kind: 'hmac', ...HMAC_PRESETS.github, secrets: [Buffer.from('s')] },
        { kind: 'bearer', tokens: ['t'] },
        { kind: 'api_key', header: 'x-key', keys: ['k'] },
      ],
    }),
  ]);
  const all = {
    authorization: 'Bearer t',
    'x-key': 'k',
    'x-hub-signature-256': `sha256=${sign(ALERT, 's')}`,
  };
  assert.equal((await send(server, { headers: all })).status, 202);
  for (const name of Object.keys(all)) {
    assert.equal((await send(server, { headers: { ...all, [name]: null } })).status, 401, name);
  }
});

test('an endpoint without authentication takes what comes, as it was told to', async (t) => {
  const server = await startIntake(t, [endpoint({ auth: [] })]);
  assert.equal((await send(server, { headers: { authorization: null } })).status, 202);
});

test('names of a certificate: common name and alternatives, none where quotes could fake one', () => {
  const subject = { CN: 'am' } as never;
  assert.deepEqual(
    namesOf({ subject, subjectaltname: 'DNS:am.example, URI:spiffe://x/am, IP Address:::1' }),
    ['am', 'am.example', 'spiffe://x/am', '::1'],
  );
  assert.deepEqual(namesOf({ subject, subjectaltname: 'DNS:"evil, DNS:am.example, x"' }), ['am']);
  assert.deepEqual(namesOf({ subject: { CN: ['a', 'b'] } }), []);
  assert.deepEqual(namesOf({ subject: undefined as never }), []);
});
