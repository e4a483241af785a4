import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test, type TestContext } from 'node:test';
import { Consumer } from '@platformatic/kafka';
import { startKafka } from '../../test/servers/kafka.ts';
import { toKafkaRecord } from '../journal/kafka/cloudevents.ts';
import { abandon, createAdmin, createPlainProducer } from '../journal/kafka/connection.ts';
import { parseKafkaUrl } from '../journal/kafka/url.ts';
import { createKafkaOutlet } from './kafka-outlet.ts';
import { startPublisher } from './publisher.ts';
import { openPlace } from './testing/publish-place.ts';
import { topicNames } from './topics.ts';

const kafka = await startKafka({ brokers: 1, relay: true });

if ('missing' in kafka) {
  test('publishing to Apache Kafka', (t) => t.skip(kafka.missing));
} else {
  after(() => kafka.stop());
  const settings = parseKafkaUrl(`kafka://${kafka.bootstrap.join(',')}/any`);

  const openOutlet = (prefix: string, timeoutMs?: number) => {
    const admin = createAdmin(settings);
    const producer = createPlainProducer(settings);
    return createKafkaOutlet({
      admin,
      producer,
      toRecord: toKafkaRecord,
      topics: topicNames(prefix, {}),
      abandon: () => [admin, producer].forEach(abandon),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  };

  /** The first records of a topic, waited for as long as it takes. */
  const readRecords = async (t: TestContext, topic: string, count: number) => {
    const bootstrapBrokers = [...kafka.bootstrap];
    const consumer = new Consumer({ clientId: 'test', groupId: randomUUID(), bootstrapBrokers });
    t.after(() => consumer.close(true));
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', maxWaitTime: 100 });
    const found: { key: string; headers: Record<string, string>; value: unknown }[] = [];
    for await (const { key, value, headers } of stream) {
      found.push({
        key: String(key),
        headers: Object.fromEntries([...headers].map(([name, text]) => [String(name), String(text)])),
        value: JSON.parse(String(value)),
      });
      if (found.length === count) break;
    }
    return found;
  };

  test('[VPA-104] the four topics are there, and every alert that changes is in its own as a CloudEvent', async (t) => {
    const { portsOf, fire } = await openPlace(t);
    const prefix = randomUUID();
    const publisher = startPublisher(portsOf('a', openOutlet(prefix)));
    await fire('x', 'y');
    publisher.poke();
    const admin = createAdmin(settings);
    t.after(() => admin.close());
    let topics: readonly string[] = [];
    while (!topics.includes(`${prefix}-alerts`)) topics = await admin.listTopics();
    const records = await readRecords(t, `${prefix}-alerts`, 2);
    await publisher.stop();
    const { headers, value } = records.find(({ key }) => key === 'default/x')!;
    assert.equal(headers['ce_specversion'], '1.0');
    assert.equal(headers['ce_type'], 'signalbox.alert.v1');
    assert.equal(headers['ce_id'], 'g-1');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal((value as { fingerprint: string }).fingerprint, 'x');
    for (const name of ['vpa-events', 'nap-events', 'conflicts', 'alerts']) {
      assert.ok(topics.includes(`${prefix}-${name}`), name);
    }
  });

  test('nodes that make the topics at the same time do not stand in each other’s way', async (t) => {
    const prefix = randomUUID();
    const outlets = Array.from({ length: 4 }, () => openOutlet(prefix));
    t.after(() => outlets.forEach((outlet) => outlet.close()));
    await Promise.all(outlets.map((outlet) => outlet.publish([])));
  });

  test('more events than one batch takes arrive in their order per alert', async (t) => {
    const prefix = randomUUID();
    const outlet = openOutlet(prefix);
    t.after(() => outlet.close());
    const filler = 'x'.repeat(100_000);
    const numbers = Array.from({ length: 30 }, (_, number) => number);
    await outlet.publish(
      numbers.map((number) => ({
        topic: 'alerts',
        event: {
          specversion: '1.0',
          id: String(number),
          source: '/s',
          type: 't',
          partitionkey: 'one',
          data: { number, filler },
        },
      })),
    );
    const records = await readRecords(t, `${prefix}-alerts`, numbers.length);
    assert.deepEqual(
      records.map(({ headers }) => Number(headers['ce_id'])),
      numbers,
    );
  });

  test('brokers that do not answer end a call in time, with what was tried', async (t) => {
    const outlet = openOutlet(randomUUID(), 500);
    t.after(() => outlet.close());
    const repair = kafka.cut();
    t.after(repair);
    await assert.rejects(outlet.publish([]), { code: 'publish_failed', message: /did not make the topics/ });
  });
}
