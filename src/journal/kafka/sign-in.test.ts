import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createTestCertificate } from '@signalbox/sdk/testing';
import { KAFKA_PASSWORD, KAFKA_USER } from '../../../test/servers/kafka-properties.ts';
import { startKafka } from '../../../test/servers/kafka.ts';
import { createIds } from '../../lib/id.ts';
import { openKafkaJournal } from './journal.ts';
import { parseKafkaUrl } from './url.ts';

const newId = createIds(() => Date.now());
const certificate = createTestCertificate(['127.0.0.1']);
const folder = mkdtempSync(join(tmpdir(), 'signalbox-sign-in-'));
const kafka = await startKafka({ brokers: 1, sasl: true, tls: certificate });

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
};

/** An unsigned token (RFC 7519, section 6), which only a test's broker takes. */
function tokenOf(subject: string, expiresAt: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(expiresAt / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: seconds - 3_600, exp: seconds })}.`;
}

after(() => rmSync(folder, { recursive: true }));

if ('missing' in kafka) {
  test('signing in to Apache Kafka', (t) => t.skip(kafka.missing));
} else {
  after(() => kafka.stop());
  const ca = file('ca.pem', certificate.cert);
  const address = `${kafka.bootstrap.join(',')}/sign-in`;
  const open = (userinfo: string, query: string) =>
    openKafkaJournal({
      settings: parseKafkaUrl(`kafka://${userinfo}${address}?partitions=1&${query}`),
      newId,
    });
  const opens = async (userinfo: string, query: string) => {
    const journal = await open(userinfo, query);
    const [position] = await journal.append([{ key: 'k', at: 1, value: 'v' }]);
    assert.equal((await journal.read(0, position!.offset, 1)).length, 1);
    await journal.close();
  };
  const passwordFile = file('password', `${KAFKA_PASSWORD}\n`);

  describe('over TLS the journal opens', () => {
    for (const sasl of ['plain', 'scram-sha-256', 'scram-sha-512']) {
      test(`with sasl=${sasl}`, () => opens(`${KAFKA_USER}:${KAFKA_PASSWORD}@`, `sasl=${sasl}&ca=${ca}`));
    }
    test('with a password from a file', () =>
      opens(`${KAFKA_USER}@`, `sasl=scram-sha-512&ca=${ca}&password_file=${passwordFile}`));
    test('with sasl=oauthbearer and a token from a file', () => {
      const token = file('token', tokenOf(KAFKA_USER, Date.now() + 3_600_000));
      return opens('', `sasl=oauthbearer&ca=${ca}&token_file=${token}`);
    });
  });

  describe('the error names the setting when', () => {
    const refused: readonly [name: string, userinfo: string, query: string, parameter: string][] = [
      ['the password of sasl=plain is wrong', `${KAFKA_USER}:wrong@`, `sasl=plain&ca=${ca}`, 'password'],
      ['the password of SCRAM is wrong', `${KAFKA_USER}:wrong@`, `sasl=scram-sha-256&ca=${ca}`, 'password'],
      [
        'SCRAM does not know the user',
        `nobody:${KAFKA_PASSWORD}@`,
        `sasl=scram-sha-512&ca=${ca}`,
        'password',
      ],
      [
        'the file holds a wrong password',
        `${KAFKA_USER}@`,
        `sasl=plain&ca=${ca}&password_file=${ca}`,
        'password_file',
      ],
      [
        'the password file is gone',
        `${KAFKA_USER}@`,
        `sasl=plain&ca=${ca}&password_file=${folder}/gone`,
        'password_file',
      ],
      ['the file with the authorities is gone', '', `ca=${folder}/gone`, 'ca'],
      [
        'the token has expired',
        '',
        `sasl=oauthbearer&ca=${ca}&token_file=${file('old', tokenOf('a', 1))}`,
        'token_file',
      ],
    ];
    for (const [name, userinfo, query, parameter] of refused) {
      test(name, async () => {
        await assert.rejects(open(userinfo, query), (error: Error) => {
          assert.equal('code' in error && error.code, 'journal_settings', error.message);
          assert.equal('parameter' in error && error.parameter, parameter);
          assert.doesNotMatch(error.message, new RegExp(`wrong|${KAFKA_PASSWORD}`));
          return true;
        });
      });
    }
    test('brokers that want TLS or a sign-in hang up, and the error says what may be missing', async () => {
      await assert.rejects(open('', 'tls=false'), {
        code: 'journal_unavailable',
        message: /tls=true or sasl/,
      });
      await assert.rejects(open('', `ca=${ca}`), { code: 'journal_unavailable', message: /may want sasl/ });
    });
    test('the certificate is not of a trusted authority', async () => {
      const other = file('other.pem', createTestCertificate(['127.0.0.1']).cert);
      await assert.rejects(open(`${KAFKA_USER}:${KAFKA_PASSWORD}@`, `sasl=plain&ca=${other}`), {
        code: 'journal_settings',
        parameter: 'ca',
      });
    });
  });
}
