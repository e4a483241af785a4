import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { hmacCheck } from '../intake/auth/hmac.ts';
import { HMAC_PRESETS } from '../model/hmac-presets.ts';
import { credentialsFor } from './sign-request.ts';

const FACTS = { body: Buffer.from('{"title":"x"}'), id: 'delivery-1', now: Date.UTC(2026, 10, 20, 12) };

for (const [name, preset] of Object.entries(HMAC_PRESETS)) {
  test(`a request signed as ${name} does passes the check of the intake, and not with another body`, () => {
    const settings = { ...preset, kind: 'hmac' as const, secrets: [Buffer.from('a-secret-of-this-test')] };
    const headers = credentialsFor([settings], FACTS);
    const check = hmacCheck(settings);
    const request = { headers } as unknown as IncomingMessage;
    assert.equal(check(request, FACTS.body, FACTS.now), undefined);
    assert.notEqual(check(request, Buffer.from('other'), FACTS.now), undefined);
  });
}

test('all kinds that an endpoint asks for are given together', () => {
  assert.deepEqual(
    credentialsFor(
      [
        { kind: 'bearer', tokens: ['new', 'old'] },
        { kind: 'api_key', header: 'X-Api-Key', keys: ['key'] },
      ],
      FACTS,
    ),
    { authorization: 'Bearer new', 'x-api-key': 'key' },
  );
  assert.deepEqual(credentialsFor([{ kind: 'basic', username: 'u', passwords: ['p'] }], FACTS), {
    authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
  });
});
