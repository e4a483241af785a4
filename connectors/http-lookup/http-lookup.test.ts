import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateConfig } from '@signalbox/sdk';
import { conformance } from '@signalbox/sdk/testing';
import httpLookup from './index.ts';

conformance(httpLookup, {
  dir: import.meta.dirname,
  config: (url) => ({
    url: `${url}/services/{{ labels.service }}`,
    bearer_token: 'test-t0ken',
    headers: { 'x-api-key': 'test-k3y' },
  }),
  skip: [
    {
      test: "an enricher's status 404 is SB_REJECTED",
      reason: '404 says that nothing is known, which is no trouble; `unknown_statuses` says otherwise',
    },
  ],
});

test('a label never decides which host is asked', () => {
  const urls = [
    'https://{{ labels.host }}/x',
    'https://cmdb.{{ labels.domain }}/x',
    'https://user:password@cmdb.example.org/x',
    'file:///etc/passwd',
  ];
  for (const url of urls) assert.equal(validateConfig(httpLookup.config, { url }).ok, false, url);
});
