import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import type { JwtSettings } from '../../model/settings.ts';
import { endpoint, send, startIntake, type TestingServer } from '../testing-server.ts';

const NOW = 1_800_000_000_000;
const seconds = NOW / 1000;
const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });

function jwt(given: Partial<JwtSettings>): JwtSettings {
  return { kind: 'jwt', algorithms: ['ES256'], keys: [], clockSkewMs: 30_000, ...given };
}

function token(
  payload: JWTPayload = {},
  key = privateKey,
  header: Record<string, string> = {},
): Promise<string> {
  const claims = { iss: 'ci', aud: 'hub', exp: seconds + 60, ...payload };
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
}

async function start(t: TestContext, settings: JwtSettings): Promise<TestingServer> {
  return startIntake(t, [endpoint({ auth: [settings] })], { now: () => NOW });
}

async function statusOf(server: TestingServer, text: string): Promise<number> {
  const answer = await send(server, { headers: { authorization: `Bearer ${text}` } });
  if (answer.status === 401) assert.match(answer.headers['www-authenticate'] ?? '', /invalid_token/);
  return answer.status;
}

test('[BR-INT-008] a token is taken for its issuer, audience and time, within the clock skew', async (t) => {
  const keys = [await exportSPKI(publicKey)];
  const server = await start(t, jwt({ keys, issuer: 'ci', audience: 'hub' }));
  assert.equal(await statusOf(server, await token()), 202);
  assert.equal(await statusOf(server, await token({ exp: seconds - 20 })), 202, 'within the skew');
  assert.equal(await statusOf(server, await token({ exp: seconds - 40 })), 401);
  assert.equal(await statusOf(server, await token({ nbf: seconds + 40 })), 401);
  assert.equal(await statusOf(server, await token({ iss: 'other' })), 401);
  assert.equal(await statusOf(server, await token({ aud: 'other' })), 401);
  assert.equal(await statusOf(server, (await token()).slice(0, -4)), 401);
  for (const text of ['', 'x', 'a.b.c', 'a.b', '..', 'e30.e30.e30'])
    assert.equal(await statusOf(server, text), 401);
});

test('[BR-INT-008] neither "none" nor a public key used as a secret passes', async (t) => {
  const pem = await exportSPKI(publicKey);
  const settings = jwt({ keys: [pem], algorithms: ['ES256', 'HS256', 'none'] });
  const server = await start(t, settings);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = part({ exp: seconds + 60 });
  assert.equal(await statusOf(server, `${part({ alg: 'none' })}.${claims}.`), 401);
  const confused = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(pem));
  assert.equal(await statusOf(server, confused), 401);
  const other = await generateKeyPair('ES256');
  assert.equal(await statusOf(server, await token({}, other.privateKey)), 401);
  assert.equal(await statusOf(server, await token()), 202);
});

test('static keys may be PEM, JWK or a secret, and two are valid during a rotation', async (t) => {
  const other = await generateKeyPair('ES256', { extractable: true });
  const secret = 'a shared secret of at least 32 bytes';
  const server = await start(
    t,
    jwt({
      algorithms: ['ES256', 'HS256'],
      keys: [await exportSPKI(other.publicKey), JSON.stringify(await exportJWK(publicKey)), secret],
    }),
  );
  const shared = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
  assert.equal(await statusOf(server, await token()), 202);
  assert.equal(await statusOf(server, await token({}, other.privateKey)), 202);
  assert.equal(await statusOf(server, await shared), 202);
});

test('keys of a JWKS address are fetched once; while they can not be fetched the sender is told to repeat', async (t) => {
  let isUp = false;
  let fetches = 0;
  const issuer = createServer((_, response) => {
    fetches++;
    response.statusCode = isUp ? 200 : 500;
    void exportJWK(publicKey).then((key) => response.end(JSON.stringify({ keys: [{ ...key, kid: 'k1' }] })));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  t.after(() => issuer.close());
  t.after(() => issuer.closeAllConnections());
  const { port } = issuer.address() as AddressInfo;
  const server = await start(t, jwt({ jwksUrl: `http://127.0.0.1:${port}/keys` }));
  const answer = await send(server, {
    headers: { authorization: `Bearer ${await token({}, privateKey, { kid: 'k1' })}` },
  });
  assert.equal(answer.status, 503);
  assert.equal(answer.json['code'], 'keys_unavailable');
  assert.ok(Number(answer.headers['retry-after']) > 0);
  assert.doesNotMatch(answer.body.toString(), new RegExp(String(port)));

  isUp = true;
  fetches = 0;
  for (let index = 0; index < 3; index++) {
    assert.equal(await statusOf(server, await token({}, privateKey, { kid: 'k1' })), 202);
  }
  assert.equal(await statusOf(server, await token({}, privateKey, { kid: 'k2' })), 401);
  assert.equal(fetches, 1, 'an unknown key does not make us fetch at the attacker’s pace');
});
