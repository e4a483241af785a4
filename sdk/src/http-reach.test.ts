import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isReachable } from './http-reach.ts';

const METADATA = [
  '169.254.169.254',
  '169.254.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fe80::1',
  'fd00:ec2::254',
  'fd20:ce::254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '::169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
];
const PRIVATE = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001::1',
];
const PUBLIC = [
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '93.184.215.14',
  '2606:4700::1111',
  '2a00:1450::1',
  '64:ff9b::101:101',
];

test('metadata services and link-local addresses are refused in every spelling, unless anything may be reached', () => {
  for (const address of METADATA) {
    assert.equal(isReachable(address, 'metadata'), false, address);
    assert.equal(isReachable(address, 'public'), false, address);
    assert.equal(isReachable(address, 'any'), true, address);
  }
});

test('private and loopback addresses are reached, unless only public ones may be', () => {
  for (const address of PRIVATE) {
    assert.equal(isReachable(address, 'metadata'), true, address);
    assert.equal(isReachable(address, 'public'), false, address);
  }
  for (const address of PUBLIC) assert.equal(isReachable(address, 'public'), true, address);
});

test('what is not an address is refused, and an interface does not hide a link-local one', () => {
  for (const text of ['', 'localhost', '1.2.3', '999.1.1.1'])
    assert.equal(isReachable(text, 'any'), false, text);
  assert.equal(isReachable('fe80::1%eth0', 'metadata'), false);
});

test('an IPv4 address is judged alike however IPv6 carries it', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.constantFrom('metadata' as const, 'public' as const), (address, reach) => {
      const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
      const [high, low] = [a * 256 + b, c * 256 + d].map((half) => half.toString(16));
      const expected = isReachable(address, reach);
      for (const carrier of [
        `::ffff:${address}`,
        `::ffff:${high}:${low}`,
        `64:ff9b::${high}:${low}`,
        `2002:${high}:${low}::9`,
      ]) {
        assert.equal(isReachable(carrier, reach), expected, carrier);
      }
    }),
  );
});
