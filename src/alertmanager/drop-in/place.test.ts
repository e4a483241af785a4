import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenerAddress, prefixOf, readExternalUrl, readListenAddress } from './addresses.ts';

const MACHINE = { hostName: 'am-1', hasIPv6: true };

test('an address without a host is all of the machine’s, and is written as Go writes it', () => {
  assert.deepEqual(readListenAddress(':9093', MACHINE), { host: '::', port: 9093 });
  assert.deepEqual(readListenAddress(':9093', { ...MACHINE, hasIPv6: false }), {
    host: '0.0.0.0',
    port: 9093,
  });
  assert.equal(readListenAddress('9093', MACHINE), undefined);
  assert.equal(listenerAddress('http://[::]:9093'), '[::]:9093');
  assert.equal(listenerAddress('https://127.0.0.1'), '127.0.0.1:443');
});

test('the external address has no slash at its end, and its path is the prefix', () => {
  const first = { host: '::', port: 9093 };
  const read = (written?: string) => readExternalUrl(written, first, MACHINE);
  assert.deepEqual(read(), { ok: true, url: 'http://am-1:9093', path: '/' });
  assert.deepEqual(read('https://x.example.org/am/'), {
    ok: true,
    url: 'https://x.example.org/am',
    path: '/am',
  });
  assert.deepEqual(read('ftp://x'), {
    ok: false,
    problem: `"ftp://x": invalid "ftp" scheme, only 'http' and 'https' are supported`,
  });
  assert.deepEqual([prefixOf('am/'), prefixOf('')], ['/am', '/']);
});
