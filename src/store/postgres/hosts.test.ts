import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitHosts } from './hosts.ts';

test('several hosts of one URL become one URL each', () => {
  assert.deepEqual(splitHosts('postgres://hub:p%40ss@a:5433,b,[::1]:5434/signalbox?sslmode=verify-full'), [
    'postgres://hub:p%40ss@a:5433/signalbox?sslmode=verify-full',
    'postgres://hub:p%40ss@b/signalbox?sslmode=verify-full',
    'postgres://hub:p%40ss@[::1]:5434/signalbox?sslmode=verify-full',
  ]);
  assert.deepEqual(splitHosts('postgresql://localhost/signalbox'), ['postgresql://localhost/signalbox']);
});

test('a URL that cannot be read is refused without repeating its password', () => {
  for (const url of [
    'mysql://hub:secret@a/b',
    'postgres://hub:secret@a,,b/c',
    'postgres://hub:secret@a:port/c',
    '',
  ]) {
    assert.throws(
      () => splitHosts(url),
      (error: Error & { code: string }) =>
        error.code === 'bad_postgres_url' && !error.message.includes('secret'),
    );
  }
});
