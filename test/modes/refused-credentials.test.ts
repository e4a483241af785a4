import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createTestCertificate } from '@signalbox/sdk/testing';
import { runCli, temporaryFolder } from '../../src/cli/testing/run-cli.ts';
import { KAFKA_PASSWORD, KAFKA_USER } from '../servers/kafka-properties.ts';
import { startKafka } from '../servers/kafka.ts';
import { startPostgres } from '../servers/postgres.ts';
import { GUARDED_PASSWORD, GUARDED_USER, guardPostgres } from './guarded-postgres.ts';

const WRONG = 'wr0ng-pa55word';
const own = createTestCertificate(['127.0.0.1']);
/** For a broker that is called otherwise. */
const other = createTestCertificate(['kafka.example.org']);
const [postgres, kafka, misnamed] = await Promise.all([
  startPostgres({ fsync: false }),
  startKafka({ brokers: 1, sasl: true, tls: own }),
  startKafka({ brokers: 1, tls: other }),
]);
const servers = [postgres, kafka, misnamed];
after(async () => {
  for (const server of servers) if (!('missing' in server)) await server.stop();
});

if ('missing' in postgres || 'missing' in kafka || 'missing' in misnamed) {
  const reasons = servers.flatMap((server) => ('missing' in server ? [server.missing] : []));
  test('wrong credentials stop the start', { skip: reasons.join('; ') });
} else {
  const guarded = await guardPostgres(postgres, own);
  const [mine, foreign] = [kafka, misnamed].map(({ bootstrap }) => bootstrap.join(','));
  const scram = 'sasl=scram-sha-256&partitions=1';
  const right = `postgres://${GUARDED_USER}:${GUARDED_PASSWORD}@${guarded}?sslmode=verify-full&sslrootcert=own.pem`;

  const cases: readonly [what: string, storage: string, journal: string, said: RegExp, code: number][] = [
    [
      'a wrong password of PostgreSQL',
      right.replace(GUARDED_PASSWORD, WRONG),
      '',
      /^storage\.url: .*password authentication failed.*; check user and password in storage\.url$/m,
      2,
    ],
    [
      'no TLS where PostgreSQL wants it',
      right.replace(/\?.*/, ''),
      '',
      /^storage\.url: .*no pg_hba\.conf entry.*; check the user in storage\.url, and pg_hba\.conf/m,
      2,
    ],
    [
      'a certificate of PostgreSQL that nobody vouches for',
      right.replace('own.pem', 'other.pem'),
      '',
      /^storage\.url: the certificate of the server does not fit: .*sslrootcert=FILE$/m,
      2,
    ],
    [
      'a certificate of PostgreSQL for another name',
      right.replace('127.0.0.1', 'localhost'),
      '',
      /^storage\.url: the certificate of the server does not fit: .*name the host as its certificate does/m,
      2,
    ],
    [
      'a database that is not there',
      right.replace('/guarded?', '/nowhere?'),
      '',
      /^storage\.url: .*"nowhere" does not exist.*; create the database, or name another one in storage\.url$/m,
      2,
    ],
    [
      'a wrong password of Kafka',
      right,
      `kafka://${KAFKA_USER}:${WRONG}@${mine}/ops?ca=own.pem&${scram}`,
      /^journal\.url: the brokers refused user "hub" \(sasl=scram-sha-256\); check the user and password$/m,
      2,
    ],
    [
      'a certificate of Kafka that nobody vouches for',
      right,
      `kafka://${KAFKA_USER}:${KAFKA_PASSWORD}@${mine}/ops?ca=other.pem&${scram}`,
      /^journal\.url: the certificate of the brokers is not trusted .*ca names? /m,
      2,
    ],
    [
      'a certificate of Kafka for another name',
      right,
      `kafka://${foreign}/ops?ca=other.pem&partitions=1`,
      /^journal\.url: the certificate of a broker is made out to another name .*name the brokers as their certificates do$/m,
      2,
    ],
    [
      'no TLS where Kafka wants it',
      right,
      `kafka://${foreign}/ops?partitions=1`,
      /^journal\.url: Kafka .* failed while the journal was opened: .*they may want tls=true or sasl in journal\.url$/m,
      1,
    ],
  ];

  for (const [what, storage, journal, said, code] of cases) {
    test(`[HNP-040] [HNP-045] ${what} stops the start with the setting to change, and no secret is printed`, async (t) => {
      const folder = await temporaryFolder(t);
      await writeFile(join(folder, 'own.pem'), own.cert);
      await writeFile(join(folder, 'other.pem'), other.cert);
      const env = {
        SIGNALBOX_STORAGE_URL: storage,
        ...(journal === '' ? {} : { SIGNALBOX_JOURNAL_URL: journal }),
      };
      const result = await runCli(['serve', '--listen', '127.0.0.1:0'], { folder, env });
      assert.match(result.stderr, said);
      assert.equal(result.code, code);
      assert.doesNotMatch(result.stderr + result.stdout, /pa55word/);
      assert.doesNotMatch(result.stderr, /^\s+at /m, 'no stack');
    });
  }
}
