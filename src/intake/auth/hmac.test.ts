import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import type { HmacSettings } from '../../model/settings.ts';
import { hmacCheck } from './hmac.ts';
import { HMAC_PRESETS, type HmacPresetName } from '../../model/hmac-presets.ts';

interface Vector {
  readonly scheme: string;
  readonly secret: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp?: string;
  readonly valid: boolean;
  readonly why?: string;
}

const PRESET_OF: Readonly<Record<string, string>> = {
  'slack-v0': 'slack',
  'github-sha256': 'github',
  'standard-webhooks-v1': 'standard_webhooks',
  'pagerduty-v1': 'pagerduty',
  sentry: 'sentry',
  'terraform-cloud-sha512': 'terraform_cloud',
};

function settingsOf(preset: string, secret: string): HmacSettings {
  const bytes = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret);
  return { kind: 'hmac', ...HMAC_PRESETS[preset as HmacPresetName], secrets: [bytes] };
}

/** The code of the problem, or `passed`. */
function check(settings: HmacSettings, headers: Record<string, string>, body: string, now: number): string {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const request = { headers: lower } as unknown as IncomingMessage;
  return hmacCheck(settings)(request, Buffer.from(body), now)?.code ?? 'passed';
}

const file = new URL('../../../../shared/fixtures/signatures/vectors.json', import.meta.url);

test(
  "[BR-WH-005] [BR-INT-008] vendors' own signatures are recognised, tampered ones are not",
  { skip: !existsSync(file) && `${file.pathname.split('/').slice(-4).join('/')} is not here` },
  () => {
    const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };
    assert.ok(vectors.length > 0);
    for (const { scheme, secret, body, headers, valid, why } of vectors) {
      const preset = PRESET_OF[scheme];
      assert.ok(preset, `no preset for ${scheme}`);
      const signedAt =
        Number(headers['webhook-timestamp'] ?? headers['X-Slack-Request-Timestamp'] ?? 0) * 1000;
      const verdict = check(settingsOf(preset, secret), { ...headers }, body, signedAt);
      assert.equal(verdict === 'passed', valid, `${scheme}: ${why ?? ''}`);
    }
  },
);

test('[BR-WH-005] every preset passes what is signed as it says and nothing that was changed', () => {
  const now = 1_800_000_000_000;
  for (const [name, preset] of Object.entries(HMAC_PRESETS)) {
    const settings = settingsOf(name, 'a secret');
    const time = String(now / 1000);
    const content = preset.content.replace('{timestamp}', time).replace('{id}', 'msg_1');
    const sign = (body: string, secret = 'a secret') =>
      preset.prefix +
      createHmac(preset.algorithm, secret).update(content.replace('{body}', body)).digest(preset.encoding);
    const headers = (signature: string): Record<string, string> => ({
      [preset.header]: signature,
      ...(preset.timestampHeader === undefined ? {} : { [preset.timestampHeader]: time }),
      ...(preset.idHeader === undefined ? {} : { [preset.idHeader]: 'msg_1' }),
    });
    assert.equal(check(settings, headers(sign('{}')), '{}', now), 'passed', name);
    assert.equal(check(settings, headers(sign('{}')), '{ }', now), 'unauthenticated', name);
    assert.equal(check(settings, headers(sign('{}', 'other')), '{}', now), 'unauthenticated', name);
    assert.equal(check(settings, {}, '{}', now), 'unauthenticated', name);
    for (const extra of [preset.timestampHeader, preset.idHeader]) {
      if (extra === undefined) continue;
      assert.equal(
        check(settings, { ...headers(sign('{}')), [extra]: '' }, '{}', now),
        'unauthenticated',
        name,
      );
    }
  }
});

test('[BR-WH-005] a signed request that is played back after its time is refused', () => {
  const settings = settingsOf('slack', 's');
  const signedAt = 1_800_000_000_000;
  const time = String(signedAt / 1000);
  const signature = `v0=${createHmac('sha256', 's').update(`v0:${time}:{}`).digest('hex')}`;
  const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': time };
  assert.equal(check(settings, headers, '{}', signedAt + 299_000), 'passed');
  assert.equal(check(settings, headers, '{}', signedAt + 301_000), 'signature_expired');
  assert.equal(check(settings, headers, '{}', signedAt - 301_000), 'signature_expired');
  const later = { ...headers, 'x-slack-request-timestamp': String(signedAt / 1000 + 600) };
  assert.equal(
    check(settings, later, '{}', signedAt + 600_000),
    'unauthenticated',
    'the time itself is signed',
  );
});

test('a signed time that is no time is never within the tolerance', () => {
  const { contentWithTimestamp } = HMAC_PRESETS.grafana;
  const settings: HmacSettings = {
    ...settingsOf('grafana', 's'),
    content: contentWithTimestamp!,
    timestampHeader: 'x-grafana-alerting-timestamp',
  };
  for (const [time, now, expected] of [
    ['yesterday', 0, 'signature_expired'],
    ['1800000000000', 1_800_000_000_000, 'passed'],
    ['2027-01-15T08:00:00Z', 1_800_000_000_000, 'passed'],
    ['-5', -5_000, 'signature_expired'],
  ] as const) {
    const signature = createHmac('sha256', 's').update(`${time}:{}`).digest('hex');
    const headers = { 'x-grafana-alerting-signature': signature, 'x-grafana-alerting-timestamp': time };
    assert.equal(check(settings, headers, '{}', now), expected, time);
  }
});
