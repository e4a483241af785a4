import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertApart, labelOf } from './place.ts';

const SERVERS = {
  path: '',
  url: 'postgres://hub:p%40ss@db-1:5432,db-2/signalbox?sslmode=require',
  journalUrl: 'kafka://hub:secret@k1:9092,k2:9092/ops?sasl=plain&password_file=/run/secrets/kafka',
};

test('a label names servers, database and topics, and neither users nor passwords', () => {
  assert.equal(labelOf(SERVERS), 'postgres://db-1:5432,db-2/signalbox and kafka://k1:9092,k2:9092/ops');
  assert.equal(labelOf({ path: './data' }), './data');
});

test('source and target that share a folder, a database or a journal are refused, whoever signs in', () => {
  const others = { path: '', url: 'postgres://me@db-3/signalbox', journalUrl: 'kafka://k1:9092/other' };
  assert.doesNotThrow(() => assertApart({ path: './data' }, SERVERS));
  assert.doesNotThrow(() => assertApart(SERVERS, others));
  assert.throws(() => assertApart({ path: './data' }, { path: 'data/' }), { code: 'same_place' });
  assert.throws(() => assertApart(SERVERS, { ...others, journalUrl: 'kafka://k1:9092,k2:9092/ops' }), {
    code: 'same_place',
  });
  assert.throws(
    () => assertApart(SERVERS, { ...others, url: 'postgres://me@db-1:5432,db-2/signalbox' }),
    (error: Error) => 'code' in error && error.code === 'same_place' && !/secret|p%40ss/.test(error.message),
  );
});
