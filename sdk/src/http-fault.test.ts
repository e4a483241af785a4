import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from './fault.ts';
import { faultOfAbort, faultOfError, faultOfStatus, parseRetryAfter } from './http-fault.ts';

test('[BR-ERR-001] [BR-ERR-002] each status has the fault of its next step', () => {
  const table: Readonly<Record<string, readonly number[]>> = {
    SB_AUTH: [401, 403],
    SB_RATE_LIMITED: [429],
    SB_UNAVAILABLE: [408, 425, 500, 501, 502, 503, 504, 529],
    SB_CONFIG: [301, 302, 303, 307, 308],
    SB_REJECTED: [400, 404, 405, 409, 410, 413, 415, 422, 451],
  };
  for (const [code, statuses] of Object.entries(table)) {
    for (const status of statuses) {
      const fault = faultOfStatus('vendor.example', status, 7_000);
      assert.deepEqual([fault.code, fault.status, fault.retryAfterMs], [code, status, 7_000]);
      assert.match(fault.message, /vendor\.example/);
    }
  }
});

test('every status has a fault that names host and status', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 999 }), (status) => {
      const fault = faultOfStatus('vendor.example:8443', status, undefined);
      assert.ok(fault.message.includes('vendor.example:8443') && fault.message.includes(String(status)));
      assert.equal(fault.retryAfterMs, undefined);
    }),
  );
});

test('Retry-After is seconds or an HTTP date, from 0 up to a day', () => {
  const nowMs = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(parseRetryAfter('7', nowMs), 7_000);
  assert.equal(parseRetryAfter(' 0.5 ', nowMs), 500);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', nowMs), 60_000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2015 00:00:00 GMT', nowMs), 0);
  assert.equal(parseRetryAfter('99999999999', nowMs), 86_400_000);
  for (const nonsense of [undefined, '', 'soon', '-', '1e999']) {
    assert.equal(parseRetryAfter(nonsense, nowMs), undefined, String(nonsense));
  }
});

const failing = (code: string) => Object.assign(new Error('system text'), { code });

test('network failures are SB_UNAVAILABLE and keep their cause', () => {
  for (const code of [
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'ETIMEDOUT',
    'UND_ERR_SOCKET',
    'UND_ERR_HEADERS_TIMEOUT',
  ]) {
    const cause = failing(code);
    const fault = faultOfError('vendor.example', cause);
    assert.equal(fault.code, 'SB_UNAVAILABLE');
    assert.equal(fault.cause, cause);
    assert.ok(fault.message.includes(code));
  }
});

test('failures of several addresses are told by the first of them', () => {
  const fault = faultOfError(
    'vendor.example',
    new AggregateError([failing('ECONNREFUSED'), failing('ENETUNREACH')]),
  );
  assert.match(fault.message, /ECONNREFUSED/);
});

test('certificates that do not verify are retried, a wrong protocol version is not, a refused client is SB_AUTH', () => {
  const codes: Readonly<Record<string, readonly [string, string]>> = {
    CERT_HAS_EXPIRED: ['SB_UNAVAILABLE', 'http.tls'],
    DEPTH_ZERO_SELF_SIGNED_CERT: ['SB_UNAVAILABLE', 'http.tls'],
    ERR_TLS_CERT_ALTNAME_INVALID: ['SB_UNAVAILABLE', 'http.tls'],
    ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: ['SB_CONFIG', 'http.tls.min_version'],
    ERR_SSL_UNSUPPORTED_PROTOCOL: ['SB_CONFIG', 'http.tls.min_version'],
    ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: ['SB_AUTH', 'http.tls.cert_file'],
    ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: ['SB_AUTH', 'http.tls.cert_file'],
  };
  for (const [code, expected] of Object.entries(codes)) {
    const fault = faultOfError('vendor.example', failing(code));
    assert.deepEqual([fault.code, fault.field], expected, code);
  }
});

test('a fault stays what it is, whatever was thrown otherwise is SB_UNAVAILABLE', () => {
  const fault = new Fault('SB_REJECTED', 'no');
  assert.equal(faultOfError('vendor.example', fault), fault);
  assert.equal(faultOfError('vendor.example', 'text').code, 'SB_UNAVAILABLE');
});

test('an abort says whether time was up', () => {
  assert.match(faultOfAbort('h', new DOMException('', 'TimeoutError')).message, /in time/);
  assert.match(faultOfAbort('h', new DOMException('', 'AbortError')).message, /cancelled/);
});
