import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { HMAC_PRESET_NAMES, HMAC_PRESETS, type HmacPresetName } from './hmac-presets.ts';

interface Vector {
  readonly scheme: string;
  readonly secret: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly valid: boolean;
}

const FILE = new URL('../../../shared/fixtures/signatures/vectors.json', import.meta.url);
const SCHEMES: Readonly<Record<string, HmacPresetName>> = {
  'slack-v0': 'slack',
  'github-sha256': 'github',
  'standard-webhooks-v1': 'standard_webhooks',
  'pagerduty-v1': 'pagerduty',
  sentry: 'sentry',
  'terraform-cloud-sha512': 'terraform_cloud',
};

/** The header's value as the preset says that the vendor makes it. */
function sign(name: HmacPresetName, { secret, body, headers }: Vector): string {
  const preset = HMAC_PRESETS[name];
  const header = (wanted = '') =>
    Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1] ?? '';
  const content = preset.content
    .replace('{timestamp}', header(preset.timestampHeader))
    .replace('{id}', header(preset.idHeader))
    .replace('{body}', body);
  const key = Buffer.from(
    secret.slice(preset.secretPrefix.length),
    preset.secretEncoding === 'text' ? 'utf8' : 'base64',
  );
  return preset.prefix + createHmac(preset.algorithm, key).update(content).digest(preset.encoding);
}

const skip = existsSync(FILE) ? false : `${FILE.pathname.split('/').slice(-4).join('/')} is not here`;

test('presets make the signatures that vendors document', { skip }, () => {
  const { vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as { vectors: readonly Vector[] };
  const seen = new Set<string>();
  for (const vector of vectors) {
    const name = SCHEMES[vector.scheme];
    if (name === undefined) continue;
    seen.add(name);
    const sent = Object.entries(vector.headers).find(
      ([key]) => key.toLowerCase() === HMAC_PRESETS[name].header,
    )?.[1];
    assert.equal(sent?.includes(sign(name, vector)), vector.valid, vector.scheme);
  }
  assert.equal(seen.size, Object.keys(SCHEMES).length);
});

test('what a preset signs and the headers that it reads fit together', () => {
  for (const name of HMAC_PRESET_NAMES) {
    const preset = HMAC_PRESETS[name];
    assert.equal(preset.header, preset.header.toLowerCase());
    assert.equal(preset.content.includes('{timestamp}'), preset.timestampHeader !== undefined, name);
    assert.equal(preset.content.includes('{id}'), preset.idHeader !== undefined, name);
    assert.ok(preset.content.includes('{body}'));
  }
});
