import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskText, maskValue } from './mask.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';
const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----';

for (const [text, masked] of [
  ['mail ada.l@mail.example.org now', 'mail [email] now'],
  ['call +49 (30) 1234-5678', 'call [phone]'],
  ['paid by DE89 3704 0044 0532 0130 00', 'paid by [iban]'],
  ['card 4111 1111 1111 1111 refused', 'card [number] refused'],
  ['from 203.0.113.9 to 10.1.2.3:9100', 'from [address] to 10.1.2.3:9100'],
  ['password=hunter2&x=1', 'password=[secret]&x=1'],
  ['{"api_key": "abc"}', '{"api_key": "[secret]"}'],
  ['Authorization: Bearer abcdefgh12345', 'Authorization: [secret]'],
  [`token is ${JWT}`, 'token is [secret]'],
  [`key ${KEY} end`, 'key [secret] end'],
  ['AKIAIOSFODNN7EXAMPLE', '[secret]'],
  ['ghp_abcdefghijklmnop1234', '[secret]'],
  ['postgres://app:s3cret@db/x', 'postgres://[secret]@db/x'],
] as const) {
  test(`what is secret or personal is masked: ${text.slice(0, 24)}`, () => {
    assert.equal(maskText(text), masked);
  });
}

test('what an analyst needs stays: names, hosts, private addresses, percentages, times', () => {
  const text = 'DiskFull on db-1.prod (192.168.3.4:9100): 96.5 % since 2026-03-01T10:00:00Z, kernel 6.1.0-13';
  assert.equal(maskText(text), text);
});

test('fields are masked by their names, however deep, and by what the configuration holds', () => {
  const redact = (text: string) => text.replaceAll('s3cret', '[redacted]');
  assert.deepEqual(
    maskValue(
      { user: 'ada', pod: { env: { DB_PASSWORD: 'x', list: ['s3cret', 7, null] } }, userAgent: 'curl' },
      redact,
    ),
    {
      user: '[person]',
      pod: { env: { DB_PASSWORD: '[secret]', list: ['[redacted]', 7, null] } },
      userAgent: 'curl',
    },
  );
});

const noise = fc.oneof(
  fc.string(),
  fc.constantFrom('password=', '+49 30 ', 'Bearer ', '1234567890123', '"', '@', 'eyJ', '-----BEGIN ', '::'),
);

test('whatever stands around them, secrets and addresses do not get through', () => {
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 10 }), fc.array(noise, { maxLength: 10 }), (before, after) => {
      for (const secret of ['ada.l@mail.example', 'ghp_abcdefghijklmnop1234', JWT]) {
        const masked = maskText(`${before.join('')} ${secret} ${after.join('')}`);
        assert.ok(!masked.includes(secret), masked);
      }
    }),
  );
});
