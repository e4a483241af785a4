import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { KafkaSettingsError, parseKafkaUrl } from './url.ts';

test('a short address is enough', () => {
  assert.deepEqual(parseKafkaUrl('kafka://k1/ops'), { brokers: ['k1:9092'], prefix: 'ops' });
});

test('every parameter arrives where it belongs', () => {
  assert.deepEqual(
    parseKafkaUrl(
      'kafka://hub:p%40ss@k1:9093,[::1]:9094/team.ops?sasl=scram-sha-512&ca=/ca.pem&cert=/c.pem&key=/k.pem&partitions=64&replication=3&min_isr=2',
    ),
    {
      brokers: ['k1:9093', '[::1]:9094'],
      prefix: 'team.ops',
      tls: { caPath: '/ca.pem', certPath: '/c.pem', keyPath: '/k.pem' },
      sasl: { mechanism: 'SCRAM-SHA-512', user: 'hub', password: 'p@ss' },
      partitions: 64,
      replication: 3,
      minIsr: 2,
    },
  );
});

test('a password given separately wins over the one in the address, and both over a file', () => {
  const { sasl } = parseKafkaUrl('kafka://hub:old@k1/ops?sasl=plain&tls=true&password_file=/p', {
    password: 'new',
  });
  assert.deepEqual(sasl, { mechanism: 'PLAIN', user: 'hub', password: 'new' });
});

test('secrets may stay in files', () => {
  assert.deepEqual(parseKafkaUrl('kafka://hub@k1/ops?sasl=scram-sha-256&password_file=/p').sasl, {
    mechanism: 'SCRAM-SHA-256',
    user: 'hub',
    passwordPath: '/p',
  });
  assert.deepEqual(parseKafkaUrl('kafka://k1/ops?sasl=oauthbearer&token_file=/t').sasl, {
    mechanism: 'OAUTHBEARER',
    tokenPath: '/t',
  });
});

test('a password goes in the clear only to this machine, or when that was said', () => {
  const withPassword = { user: 'hub', password: 'secret-0042' };
  assert.throws(() => parseKafkaUrl('kafka://k1/ops?sasl=plain', withPassword), { parameter: 'tls' });
  for (const url of [
    'kafka://127.0.0.1/ops?sasl=plain',
    'kafka://localhost,[::1]/ops?sasl=plain',
    'kafka://k1/ops?sasl=plain&tls=false',
    'kafka://k1/ops?sasl=plain&tls=true',
  ]) {
    assert.equal(parseKafkaUrl(url, withPassword).sasl?.mechanism, 'PLAIN');
  }
});

describe('an error names the part that is wrong:', () => {
  const wrong: readonly [url: string, parameter: string][] = [
    ['kafka://k1:9092', 'url'],
    ['postgres://k1/ops', 'url'],
    ['kafka://k1/a/b', 'url'],
    ['kafka://k1:99999/ops', 'host'],
    ['kafka://k1,/ops', 'host'],
    ['kafka://k1/o ps', 'topic-prefix'],
    ['kafka://%zz:p@k1/ops?sasl=scram-sha-256', 'user'],
    ['kafka://k1/ops?partition=3', 'partition'],
    ['kafka://k1/ops?partitions=0', 'partitions'],
    ['kafka://k1/ops?partitions=513', 'partitions'],
    ['kafka://k1/ops?replication=three', 'replication'],
    ['kafka://k1/ops?min_isr=-1', 'min_isr'],
    ['kafka://k1/ops?min_isr=1&min_isr=2', 'min_isr'],
    ['kafka://k1/ops?tls=yes', 'tls'],
    ['kafka://k1/ops?tls=false&ca=/ca.pem', 'tls'],
    ['kafka://k1/ops?cert=/c.pem', 'key'],
    ['kafka://k1/ops?key=/k.pem', 'cert'],
    ['kafka://k1/ops?ca=', 'ca'],
    ['kafka://hub:p@k1/ops', 'sasl'],
    ['kafka://hub:p@k1/ops?sasl=gssapi', 'sasl'],
    ['kafka://k1/ops?sasl=scram-sha-256', 'user'],
    ['kafka://hub@k1/ops?sasl=scram-sha-256', 'password'],
    ['kafka://k1/ops?sasl=oauthbearer', 'token_file'],
  ];
  for (const [url, parameter] of wrong) {
    test(url, () => {
      assert.throws(() => parseKafkaUrl(url), { code: 'journal_settings', parameter });
    });
  }
});

test('whatever the text, it is read or refused by name, and the password stands in no message', () => {
  const part = fc.stringMatching(/^[a-z0-9:@,./?&=%_ -]{0,12}$/);
  fc.assert(
    fc.property(part, part, part, (hosts, prefix, query) => {
      try {
        parseKafkaUrl(`kafka://hub:secret-0042@${hosts}/${prefix}?${query}`);
      } catch (error) {
        assert.ok(error instanceof KafkaSettingsError);
        assert.doesNotMatch(error.message, /secret-0042/);
      }
    }),
  );
});
