import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { InvalidCloudEvent, toKafkaRecord, type CloudEvent, type KafkaEventRecord } from './cloudevents.ts';

const EVENT: CloudEvent = {
  specversion: '1.0',
  id: '1234-1234-1234',
  source: '/integrations/prom',
  type: 'signalbox.alert.v1',
  time: '2026-04-05T03:56:24Z',
  tenantid: 'größe',
  attempt: 3,
  test: false,
  data: { status: 'firing' },
};

const headersOf = ({ headers }: KafkaEventRecord) =>
  Object.fromEntries([...headers].map(([name, value]) => [name.toString(), value.toString()]));

test('in binary mode the attributes are headers and the value is the data alone', () => {
  const record = toKafkaRecord('alerts', EVENT, { mode: 'binary', key: 'k' });
  assert.equal(record.topic, 'alerts');
  assert.equal(record.key?.toString(), 'k');
  assert.equal(record.value?.toString(), '{"status":"firing"}');
  assert.deepEqual(headersOf(record), {
    ce_specversion: '1.0',
    ce_id: '1234-1234-1234',
    ce_source: '/integrations/prom',
    ce_type: 'signalbox.alert.v1',
    ce_time: '2026-04-05T03:56:24Z',
    ce_tenantid: 'größe',
    ce_attempt: '3',
    ce_test: 'false',
    'content-type': 'application/json',
  });
});

test('in structured mode the value is the whole event', () => {
  const record = toKafkaRecord('alerts', EVENT, { mode: 'structured' });
  assert.deepEqual(headersOf(record), { 'content-type': 'application/cloudevents+json; charset=UTF-8' });
  assert.deepEqual(JSON.parse(record.value!.toString()), EVENT);
  assert.equal(record.key, undefined);
});

test('a key that is given wins over the partition key, which stays in the event', () => {
  const event = { ...EVENT, partitionkey: 'p' };
  assert.equal(toKafkaRecord('alerts', event, { mode: 'binary' }).key?.toString(), 'p');
  const record = toKafkaRecord('alerts', event, { mode: 'binary', key: 'k' });
  assert.equal(record.key?.toString(), 'k');
  assert.equal(headersOf(record)['ce_partitionkey'], 'p');
});

describe('the data in binary mode:', () => {
  const value = (event: Partial<CloudEvent>) =>
    toKafkaRecord('alerts', { ...EVENT, ...event }, { mode: 'binary' }).value?.toString();
  test('a text of another media type goes as it is', () => {
    assert.equal(value({ datacontenttype: 'text/plain', data: 'a "b"' }), 'a "b"');
  });
  test('a text that is JSON goes as JSON', () => {
    assert.equal(
      value({ datacontenttype: 'application/x+json; charset=utf-8', data: 'a "b"' }),
      '"a \\"b\\""',
    );
  });
  test('bytes go as they are, also those in base64', () => {
    assert.equal(value({ datacontenttype: 'text/plain', data: Buffer.from('bytes') }), 'bytes');
    assert.equal(value({ data: undefined, data_base64: Buffer.from('bytes').toString('base64') }), 'bytes');
  });
  test('no data is no value', () => {
    const record = toKafkaRecord('alerts', { ...EVENT, data: undefined }, { mode: 'binary' });
    assert.equal(record.value, undefined);
    assert.equal(headersOf(record)['content-type'], undefined);
  });
});

test('bytes stand in base64 in structured mode', () => {
  const { value } = toKafkaRecord(
    'alerts',
    { ...EVENT, data: Buffer.from([0, 255]) },
    { mode: 'structured' },
  );
  assert.equal((JSON.parse(value!.toString()) as CloudEvent).data_base64, 'AP8=');
});

describe('what CloudEvents forbids is refused by name:', () => {
  const wrong: readonly [attribute: string, event: Record<string, unknown>][] = [
    ['specversion', { specversion: '0.3' }],
    ['id', { id: '' }],
    ['source', { source: undefined }],
    ['type', { type: 7 }],
    ['Tenant', { Tenant: 'x' }],
    ['ratio', { ratio: 0.5 }],
    ['large', { large: 2 ** 31 }],
    ['nested', { nested: {} }],
    ['data_base64', { data_base64: 'AA==' }],
  ];
  for (const [attribute, change] of wrong) {
    test(`${attribute} in ${JSON.stringify(change)}`, () => {
      const event = { ...EVENT, ...change } as CloudEvent;
      assert.throws(
        () => toKafkaRecord('alerts', event, { mode: 'binary' }),
        (error) => {
          assert.ok(error instanceof InvalidCloudEvent);
          return error.attribute === attribute;
        },
      );
    });
  }
});

test('both modes carry the same event, whatever stands in it', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  const event = fc.record({ id: text, source: text, type: text, subject: text, data: fc.jsonValue() });
  fc.assert(
    fc.property(event, (one) => {
      const whole: CloudEvent = { specversion: '1.0', ...one };
      const binary = toKafkaRecord('alerts', whole, { mode: 'binary' });
      const structured = toKafkaRecord('alerts', whole, { mode: 'structured' });
      const told = JSON.parse(structured.value!.toString()) as Record<string, unknown>;
      assert.deepEqual(told['data'], JSON.parse(binary.value!.toString()));
      for (const [name, value] of Object.entries(headersOf(binary))) {
        if (name !== 'content-type') assert.equal(value, told[name.slice('ce_'.length)]);
      }
    }),
  );
});
