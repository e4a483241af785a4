import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { createGate, namesOf, readBasic } from './gate.ts';
import { OPEN_WEB, type WebConfig } from './web-config.ts';

const passwords = {
  check: async (hashes: ReadonlyMap<string, string>, user: string, password: string) =>
    password === 'busy' ? ('busy' as const) : hashes.get(user) === password,
  close: async () => {},
};

function request(authorization?: string): IncomingMessage {
  return { headers: { authorization }, socket: {} } as unknown as IncomingMessage;
}

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

test('user and password are read from the header as it is written, with colons in the password', () => {
  assert.deepEqual(readBasic(basic('ada:a:b')), { user: 'ada', password: 'a:b' });
  assert.deepEqual(readBasic(basic('ada:é').replace('Basic', 'bAsIc')), { user: 'ada', password: 'é' });
  for (const wrong of ['Bearer x', 'Basic', basic('ada'), `${basic('a:b')} x`])
    assert.equal(readBasic(wrong), undefined, wrong);
});

test('without users everybody comes in; with users only who knows a password', async () => {
  const gate = (web: WebConfig) => createGate({ web: () => web, passwords, now: () => 0 });
  assert.equal(gate(OPEN_WEB)(request()), undefined);
  const closed = gate({ ...OPEN_WEB, users: new Map([['ada', 'secret']]) });
  const statusOf = async (header?: string) => {
    const refused = await closed(request(header));
    return refused?.kind === 'answer' ? [refused.status, refused.headers] : refused;
  };
  assert.equal(await statusOf(basic('ada:secret')), undefined);
  for (const header of [undefined, 'Bearer secret', basic('ada:wrong'), basic('eve:secret'), basic(':')])
    assert.deepEqual(await statusOf(header), [401, { 'www-authenticate': 'Basic' }]);
  assert.deepEqual(await statusOf(basic('ada:busy')), [503, { 'retry-after': '1' }]);
});

test('a pace lets a burst through, then one in each interval', () => {
  let now = 0;
  const web = { ...OPEN_WEB, rateLimit: { intervalMs: 1_000, burst: 2 } };
  const gate = createGate({ web: () => web, passwords, now: () => now });
  const passes = (): boolean => gate(request()) === undefined;
  assert.deepEqual([passes(), passes(), passes()], [true, true, false]);
  now = 1_000;
  assert.deepEqual([passes(), passes()], [true, false]);
  now = 60_000;
  assert.deepEqual([passes(), passes(), passes()], [true, true, false]);
});

test('names of a certificate are read whatever their kind', () => {
  assert.deepEqual(
    namesOf('DNS:a.example.org, IP Address:127.0.0.1, email:a@example.org, URI:spiffe://x/y'),
    ['a.example.org', '127.0.0.1', 'a@example.org', 'spiffe://x/y'],
  );
  assert.deepEqual(namesOf(undefined), []);
});
