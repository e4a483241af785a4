import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePostgresJournalUrl } from './url.ts';

test('the number of partitions is the journal’s own, and the rest is left to PostgreSQL', () => {
  assert.deepEqual(parsePostgresJournalUrl('postgres://hub:p%40ss@a:5432,b/ops'), {
    url: 'postgres://hub:p%40ss@a:5432,b/ops',
  });
  assert.deepEqual(parsePostgresJournalUrl('postgres://a/ops?partitions=8'), {
    url: 'postgres://a/ops',
    partitions: 8,
  });
  assert.deepEqual(
    parsePostgresJournalUrl('postgresql://a/ops?sslmode=verify-full&partitions=512&sslcert=c'),
    {
      url: 'postgresql://a/ops?sslmode=verify-full&sslcert=c',
      partitions: 512,
    },
  );
});

for (const query of ['partitions=0', 'partitions=513', 'partitions=many', 'partitions=']) {
  test(`${query} is refused`, () => {
    assert.throws(() => parsePostgresJournalUrl(`postgres://a/ops?${query}`), {
      code: 'journal_settings',
      message: /^journal\.url: partitions takes a whole number from 1 to 512$/,
    });
  });
}

test('a list of hosts that can’t be read is refused without repeating it', () => {
  assert.throws(
    () => parsePostgresJournalUrl('postgres://hub:secret@a,,b/ops'),
    (error: Error & { code: string }) =>
      error.code === 'journal_settings' && !error.message.includes('secret'),
  );
});
