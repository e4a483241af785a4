import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSecrets } from './mask-secrets.ts';

test('secrets of an alertmanager.yml are masked wherever they stand, and everything else stays', () => {
  const masked = maskSecrets(`
global: { smtp_auth_password: pa55, resolve_timeout: 5m, slack_api_url: https://hooks/s3cret }
route: { receiver: team }
receivers:
  - name: team
    webhook_configs: [{ url: 'https://hook/t0ken', http_config: { authorization: { credentials: b3arer } } }]
    slack_configs: [{ api_url_file: /run/url, channel: '#ops' }]
`);
  for (const secret of ['pa55', 's3cret', 't0ken', 'b3arer']) assert.doesNotMatch(masked, new RegExp(secret));
  for (const kept of ['resolve_timeout: 5m', '/run/url', '#ops', 'receiver: team'])
    assert.ok(masked.includes(kept));
  assert.equal(masked.match(/<secret>/g)?.length, 4);
});
