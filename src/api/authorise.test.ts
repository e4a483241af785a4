import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  authoriseApi,
  hasToken,
  isLocal,
  maySeeDetails,
  refuseCrossOrigin,
  type Caller,
} from './authorise.ts';

const local: Caller = {
  remoteAddress: '127.0.0.1',
  localAddress: '127.0.0.1',
  host: 'localhost:8080',
  authorization: '',
  forwarded: false,
};
const remote: Caller = { ...local, remoteAddress: '10.1.2.3', localAddress: '10.1.2.4', host: 'hub.example' };

describe('without tokens', () => {
  test('a program of this machine is served, by every loopback name', () => {
    for (const host of [
      'localhost',
      'LOCALHOST:1',
      'hub.localhost:8080',
      '127.0.0.1:8080',
      '127.9.9.9',
      '[::1]:80',
    ]) {
      assert.equal(authoriseApi({ ...local, host }, []), undefined, host);
    }
    assert.equal(authoriseApi({ ...local, remoteAddress: '::1', localAddress: '::1' }, []), undefined);
    assert.equal(authoriseApi({ ...local, remoteAddress: '::ffff:127.0.0.1' }, []), undefined);
  });

  test('everybody else is refused with the setting that opens it', () => {
    const refusal = authoriseApi(remote, []);
    assert.equal(refusal?.status, 403);
    assert.match(refusal.message, /server\.api_tokens/);
  });

  test('a rebound DNS name, a proxy on this machine and an odd Host are not local', () => {
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '',
      'localhost@evil',
      'localhost:8080:1',
    ]) {
      assert.equal(isLocal({ ...local, host }), false, host);
    }
    assert.equal(isLocal({ ...local, forwarded: true }), false);
    assert.equal(isLocal({ ...local, remoteAddress: '' }), false);
    assert.equal(isLocal({ ...local, localAddress: '192.168.1.1' }), false);
    assert.equal(isLocal({ ...local, remoteAddress: '1270.0.0.1' }), false);
  });
});

describe('with tokens', () => {
  const tokens = ['first-token', 'second-token'];

  test('each of them is taken, from anywhere', () => {
    for (const token of tokens) {
      assert.equal(authoriseApi({ ...remote, authorization: `Bearer ${token}` }, tokens), undefined);
    }
    assert.ok(hasToken({ ...remote, authorization: 'bearer  second-token' }, tokens));
  });

  test('loopback needs one, too, and nothing near a token is one', () => {
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      'Bearer first',
      'Bearer first-token2',
      'Basic first-token',
      'first-token',
    ]) {
      assert.equal(authoriseApi({ ...local, authorization }, tokens)?.status, 401, authorization);
    }
    assert.equal(hasToken({ ...local, authorization: 'Bearer ' }, ['']), false);
  });

  test('details of the health are for loopback and for tokens', () => {
    assert.equal(maySeeDetails(local, tokens), true);
    assert.equal(maySeeDetails(remote, tokens), false);
    assert.equal(maySeeDetails({ ...remote, authorization: 'Bearer first-token' }, tokens), true);
  });
});

describe('another site’s page', () => {
  const refused = (headers: Record<string, string>) =>
    refuseCrossOrigin(
      { headers: { host: 'hub.example:8443', ...headers } } as never,
      'https://signalbox.example',
    ) !== undefined;

  test('is refused by its origin, or by what the browser says of its site', () => {
    assert.equal(refused({ origin: 'https://evil.example' }), true);
    assert.equal(refused({ origin: 'null' }), true);
    assert.equal(refused({ origin: 'http://hub.example' }), true);
    assert.equal(refused({ 'sec-fetch-site': 'cross-site' }), true);
  });

  test('is told from programs, from our own pages and from the external address', () => {
    assert.equal(refused({}), false);
    assert.equal(refused({ origin: 'https://hub.example:8443' }), false);
    assert.equal(refused({ origin: 'https://signalbox.example' }), false);
    assert.equal(refused({ 'sec-fetch-site': 'same-origin' }), false);
  });
});
