import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { consumerFetchesChannel } from '@platformatic/kafka';
import { after, describe, test, type TestContext } from 'node:test';
import { startKafka } from '../../../test/servers/kafka.ts';
import { createIds } from '../../lib/id.ts';
import { journalSuite } from '../journal.suite.ts';
import type { Position } from '../../model/position.ts';
import { createAdmin } from './connection.ts';
import { openKafkaJournal, type KafkaJournal, type KafkaJournalOptions } from './journal.ts';
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

  const open = async (
    t: TestContext,
    prefix: string,
    query = 'partitions=4',
    more: Partial<KafkaJournalOptions> = {},
  ) => {
    const journal = await openKafkaJournal({
      settings: settingsOf(prefix, query),
      newId,
      appendTimeoutMs: APPEND_TIMEOUT_MS,
      ...more,
    });
    t.after(() => journal.close());
    return journal;
  };
  const admin = (t: TestContext) => {
    const created = createAdmin(settingsOf('any'));
    t.after(() => created.close());
    return created;
  };
  const startOfAll = (partitions: number) =>
    Array.from({ length: partitions }, (_, partition) => ({ partition, offset: 0 }));

  test('nodes that open a new journal at the same time agree on its identity', async (t) => {
    const prefix = randomUUID();
    const journals = await Promise.all(Array.from({ length: 6 }, () => open(t, prefix)));
    const identities = await Promise.all(journals.map((journal) => journal.identity()));
    assert.equal(new Set(identities.map((identity) => JSON.stringify(identity))).size, 1);
    assert.notEqual(identities[0]!.cluster, identities[0]!.generation);
  });

  test('without a number the topic gets 32 partitions, and as many copies as there are brokers', async (t) => {
    const prefix = randomUUID();
    assert.equal((await open(t, prefix, '')).partitions, 32);
    // What is there already is taken as it is.
    assert.equal((await open(t, prefix, '')).partitions, 32);
  });

  describe('a topic that is not what the settings say is refused, with what to change:', () => {
    const wrong: readonly [name: string, query: string, message: RegExp][] = [
      ['partitions', 'partitions=5', /has 4 partitions, not 5; set partitions=4/],
      ['copies', 'replication=2', /has 1 copies .*, not 2; set replication=1/],
      ['copies that must have a record', 'replication=1&min_isr=2', /min_isr=2 can never be reached/],
    ];
    for (const [name, query, message] of wrong) {
      test(name, async (t) => {
        const prefix = randomUUID();
        await open(t, prefix);
        await assert.rejects(open(t, prefix, query), { code: 'journal_mismatch', message });
      });
    }
    const configs: readonly [name: string, value: string][] = [
      ['retention.ms', '604800000'],
      ['retention.bytes', '1000000'],
      ['cleanup.policy', 'compact'],
      ['message.timestamp.type', 'LogAppendTime'],
    ];
    for (const [name, value] of configs) {
      test(`${name}=${value}`, async (t) => {
        const prefix = randomUUID();
        const topic = { topic: `${prefix}-signals`, partitions: 4, replicas: 1 };
        await admin(t).createTopics({
          topics: [topic],
          configs: [
            { name: 'retention.ms', value: '-1' },
            { name, value },
          ],
        });
        await assert.rejects(open(t, prefix), {
          code: 'journal_mismatch',
          message: new RegExp(`has ${name}=${value}.*on the topic`),
        });
      });
    }
  });

  test('a topic that is gone, or was made again, is not taken for the old one', async (t) => {
    const prefix = randomUUID();
    const journal = await open(t, prefix);
    await journal.append([record('k', 'v'), record('k', 'w')]);
    const topic = { topic: `${prefix}-signals`, partitions: 4, replicas: 1 };
    const brokers = admin(t);
    await brokers.deleteTopics({ topics: [topic.topic] });
    // The broker learns of it from the controller, in its own time.
    while ((await brokers.listTopics()).includes(topic.topic));
    await assert.rejects(open(t, prefix), { code: 'journal_mismatch', message: /signals is gone/ });
    await brokers.createTopics({ topics: [topic], configs: [{ name: 'retention.ms', value: '-1' }] });
    await assert.rejects(open(t, prefix), { code: 'journal_mismatch', message: /deleted and made again/ });
    await assert.rejects(journal.append([record('k', 'v')]), {
      code: 'journal_unavailable',
      message: /a second time/,
    });
  });

  test('the largest record goes in, one byte more is refused and nothing of its call is written', async (t) => {
    const journal = await open(t, randomUUID(), 'partitions=1');
    const value = 'x'.repeat(journal.maxRecordBytes - 1);
    assert.equal((await journal.append([record('k', value)])).length, 1);
    await assert.rejects(journal.append([record('k', 'v'), record('k', `${value}x`)]), {
      code: 'record_too_large',
    });
    assert.equal(await journal.end(0), 1);
    assert.equal((await journal.read(0, 0, 1))[0]?.value.length, value.length);
  });

  test('a call with more than one batch takes is cut, and keeps its order', async (t) => {
    const journal = await open(t, randomUUID(), 'partitions=1');
    const values = Array.from({ length: 40 }, (_, index) => `${index}:${'x'.repeat(100_000)}`);
    const positions = await journal.append(values.map((value) => record('k', value)));
    assert.deepEqual(
      positions.map(({ offset }) => offset),
      [...values.keys()],
    );
    const found: string[] = [];
    while (found.length < values.length) {
      found.push(...(await journal.read(0, found.length, 100)).map(({ value }) => value));
    }
    assert.deepEqual(found, values);
  });

  test('many partitions are read in one go, some of each, and a wait ends when another node appends', async (t) => {
    const prefix = randomUUID();
    const arrived = Promise.withResolvers<void>();
    const reader = await open(t, prefix, 'partitions=4', { onRecords: arrived.resolve });
    const writer = await open(t, prefix);
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const reading = reader.readMany(startOfAll(4), 100, 1_000_000, 60_000);
    await writer.append(keys.map((key) => record(key, key)));
    assert.ok((await reading).length > 0);
    const found = await writer.readMany(startOfAll(4), 100, 1_000_000, 0);
    assert.deepEqual(found.map(({ key }) => key).toSorted(), keys);
    const some = await writer.readMany(startOfAll(4), 4, 1_000_000, 0);
    assert.equal(
      new Set(some.map(({ partition }) => partition)).size,
      new Set(found.map(({ partition }) => partition)).size,
    );
    assert.deepEqual(await writer.readMany(await endsOf(writer), 100, 1_000_000, 0), []);
    // Nobody asks for these, so only the background can bring them.
    await writer.append([record('a', 'late')]);
    await arrived.promise;
  });

  test('a reader that has caught up asks nothing more by itself, and sees at once what this node appends', async (t) => {
    const journal = await open(t, randomUUID(), 'partitions=32');
    const readAll = async (positions: readonly Position[]) =>
      (
        await Promise.all(positions.map(({ partition, offset }) => journal.read(partition, offset, 10)))
      ).flat();
    await journal.append(Array.from({ length: 64 }, (_, index) => record(`key-${index}`, 'v')));
    const ends = await endsOf(journal);
    assert.deepEqual(await readAll(ends), []);
    let direct = 0;
    const count = (message: unknown) => {
      if ((message as { options: { maxWaitTime?: number } }).options.maxWaitTime === 0) direct += 1;
    };
    consumerFetchesChannel.start.subscribe(count);
    t.after(() => consumerFetchesChannel.start.unsubscribe(count));
    for (let round = 0; round < 20; round++) assert.deepEqual(await readAll(ends), []);
    assert.equal(direct, 0);
    const [position] = await journal.append([record('key-1', 'new')]);
    const [found] = await journal.read(position!.partition, position!.offset, 10);
    assert.equal(found?.value, 'new');
  });

  test('[BR-REL-004] while the brokers are gone reads and appends say so, and both go on afterwards', async (t) => {
    const journal = await open(t, randomUUID(), 'partitions=1', { appendTimeoutMs: 1_000 });
    await journal.append([record('k', 'v')]);
    const repair = kafka.cut();
    t.after(repair);
    const unavailable = { code: 'journal_unavailable', message: /127\.0\.0\.1/ };
    await assert.rejects(journal.append([record('k', 'w')]), unavailable);
    await assert.rejects(journal.read(0, 0, 10), unavailable);
    await assert.rejects(journal.end(0), unavailable);
    await assert.rejects(open(t, randomUUID()), unavailable);
    repair();
    assert.deepEqual(await journal.append([record('k', 'w')]), [{ partition: 0, offset: 1 }]);
    assert.deepEqual(
      (await journal.read(0, 0, 10)).map(({ value }) => value),
      ['v', 'w'],
    );
  });

  test('a cap counts what is kept, and other nodes know it too', async (t) => {
    const prefix = randomUUID();
    const first = await open(t, prefix, 'partitions=4', { maxBytes: 1_000_000 });
    await first.append(Array.from({ length: 8 }, (_, index) => record(`key-${index}`, 'x'.repeat(50_000))));
    const second = await open(t, prefix, 'partitions=4', { maxBytes: 420_000 });
    await assert.rejects(second.append([record('k', 'x'.repeat(50_000))]), { code: 'journal_full' });
    for (const { partition, offset } of await endsOf(first)) await second.trim(partition, offset);
    assert.equal(await second.bytes(), 0);
    assert.equal((await second.append([record('k', 'x'.repeat(50_000))])).length, 1);
  });
}

const record = (key: string, value: string) => ({ key, at: 1_000, value });

function endsOf(journal: KafkaJournal): Promise<Position[]> {
  return Promise.all(
    Array.from({ length: journal.partitions }, async (_, partition) => ({
      partition,
      offset: await journal.end(partition),
    })),
  );
}
