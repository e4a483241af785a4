import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { startKafka } from '../../../test/servers/kafka.ts';
import { createIds } from '../../lib/id.ts';
import { journalSuite } from '../journal.suite.ts';
import { openKafkaJournal } from './journal.ts';
import { parseKafkaUrl } from './url.ts';

const newId = createIds(() => Date.now());
const kafka = await startKafka({ brokers: 1, relay: true });

/** Short, so that a test of refusals doesn't wait long; appends that are taken need milliseconds. */
const APPEND_TIMEOUT_MS = 3_000;

if ('missing' in kafka) {
  test('the journal on Apache Kafka', (t) => t.skip(kafka.missing));
} else {
  after(() => kafka.stop());
  const settingsOf = (prefix: string, query = '') =>
    parseKafkaUrl(`kafka://${kafka.bootstrap.join(',')}/${prefix}?${query}`);

  journalSuite('kafka', async () => {
    const prefix = randomUUID();
    return {
      open: ({ partitions = 1, maxBytes } = {}) =>
        openKafkaJournal({
          settings: settingsOf(prefix, `partitions=${partitions}`),
          newId,
          appendTimeoutMs: APPEND_TIMEOUT_MS,
          ...(maxBytes === undefined ? {} : { maxBytes }),
        }),
      breakMedium: kafka.cut,
      remove: async () => {},
    };
  });
}
