import { conformance } from '@signalbox/sdk/testing';
import scim from './index.ts';

conformance(scim, {
  dir: import.meta.dirname,
  config: (url) => ({
    base_url: `${url}/scim/v2`,
    bearer_token: 'test-t0ken',
    password: 'test-pa55',
    username: 'hub',
  }),
});
