import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { clientAddress, createAddressSet } from './allow.ts';
import { createRateLimit } from './rate-limit.ts';
import { endpoint, send, startIntake } from './testing-server.ts';

const isProxy = createAddressSet(['10.0.0.0/8', '::1']);

function addressOf(peer: string, headers: Record<string, string>): string | undefined {
  return clientAddress({ socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage, isProxy);
}

test('the client is the rightmost hop that is no trusted proxy, and nothing that it says of itself counts', () => {
  const list = (value: string) => ({ 'x-forwarded-for': value });
  assert.equal(addressOf('192.0.2.1', list('203.0.113.9')), '192.0.2.1', 'a stranger is not believed');
  assert.equal(addressOf('10.0.0.1', list('1.1.1.1, 203.0.113.9, 10.0.0.2')), '203.0.113.9');
  assert.equal(addressOf('::ffff:10.0.0.1', list('203.0.113.9:4711')), '203.0.113.9');
  assert.equal(addressOf('10.0.0.1', list('[2001:db8::1]:4711')), '2001:db8::1');
  assert.equal(addressOf('10.0.0.1', list('203.0.113.9, unknown')), undefined);
  assert.equal(addressOf('10.0.0.1', list('')), undefined);
  assert.equal(addressOf('10.0.0.1', list('10.1.1.1, 10.0.0.3')), '10.1.1.1');
  assert.equal(addressOf('10.0.0.1', {}), '10.0.0.1');
  assert.equal(
    addressOf('10.0.0.1', { forwarded: 'for=1.1.1.1;by=x, for="[2001:db8::1]:80";proto=https' }),
    '2001:db8::1',
  );
  const both = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=192.0.2.7' };
  assert.equal(addressOf('10.0.0.1', both), undefined, 'one of the two was made up');
  assert.equal(addressOf('10.0.0.1', { ...both, forwarded: 'for=203.0.113.9' }), '203.0.113.9');
});

test('addresses and networks of both families; anything else is an error', () => {
  const isIn = createAddressSet(['192.0.2.7', '10.0.0.0/8', '2001:db8::/32']);
  for (const address of ['192.0.2.7', '10.255.0.1', '2001:db8:1::5'])
    assert.equal(isIn(address), true, address);
  for (const address of ['192.0.2.8', '11.0.0.1', '2001:db9::1', 'x', undefined])
    assert.equal(isIn(address), false);
  for (const wrong of ['example.org', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/x', '']) {
    assert.throws(() => createAddressSet([wrong]), wrong);
  }
});

test('[BR-WH-022] requests from other addresses or to other host names are refused', async (t) => {
  const server = await startIntake(
    t,
    [endpoint({ allow: { ips: ['203.0.113.0/24'], hosts: ['hub.example', '*.hooks.example'] } })],
    { trustedProxies: ['127.0.0.1'] },
  );
  const from = (address: string, host: string) =>
    send(server, { headers: { 'x-forwarded-for': address, host } });
  assert.equal((await from('203.0.113.9', 'hub.example')).status, 202);
  assert.equal((await from('203.0.113.9', 'HUB.example.:8080')).status, 202);
  assert.equal((await from('203.0.113.9', 'a.hooks.example')).status, 202);
  for (const [address, host, code] of [
    ['198.51.100.1', 'hub.example', 'address_not_allowed'],
    ['203.0.113.9, 198.51.100.1', 'hub.example', 'address_not_allowed'],
    ['203.0.113.9', 'evil.example', 'host_not_allowed'],
    ['203.0.113.9', 'hooks.example', 'host_not_allowed'],
    ['203.0.113.9', 'evilhooks.example', 'host_not_allowed'],
  ] as const) {
    const answer = await from(address, host);
    assert.deepEqual([answer.status, answer.json['code']], [403, code]);
  }
  assert.equal(server.journal.records.length, 3);
});

test('a bucket gives its burst, then its rate, and survives a clock that jumps', () => {
  const take = createRateLimit(2, 3);
  assert.deepEqual([take(0), take(0), take(0), take(0)], [0, 0, 0, 500]);
  assert.equal(take(500), 0);
  assert.equal(take(100), 500, 'back in time: nothing is filled, nothing is locked');
  assert.equal(take(600), 0);
  assert.deepEqual([take(1e9), take(1e9), take(1e9), take(1e9)], [0, 0, 0, 500]);
  assert.equal(createRateLimit(Infinity, 1)(0), 0);
});
