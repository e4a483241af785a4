import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTrace } from './trace.ts';

const ARRIVAL = '10 read(40<socket:[1]>, "POST /hooks/prom HTTP/1.1\\r\\n"..., 65536) = 900';
const WRITE = '10 pwrite64(22</data/journal.db-wal>, "\\r\\0"..., 4096, 32) = 4096';
const SYNC = '10 fdatasync(22</data/journal.db-wal>) = 0';
const ANSWER = '10 write(40<socket:[1]>, "HTTP/1.1 202 Accepted\\r\\n"..., 330) = 330';

test('a sync of the journal after its last write and before the answer is durable first', () => {
  const { isDurableFirst, calls } = readTrace([ARRIVAL, WRITE, SYNC, ANSWER].join('\n'));
  assert.equal(isDurableFirst, true);
  assert.equal(calls.length, 4);
  assert.match(calls[2]!, /fdatasync\(22<journal\.db-wal>\) = 0/);
});

test('an answer before the sync, a write after it, and a sync of another file are not', () => {
  for (const lines of [
    [ARRIVAL, WRITE, ANSWER, SYNC],
    [ARRIVAL, SYNC, WRITE, ANSWER],
    [ARRIVAL, WRITE, SYNC.replace('journal', 'store'), ANSWER],
    [ARRIVAL, WRITE, SYNC.replace('= 0', '= -1 EIO (Input/output error)'), ANSWER],
    [ARRIVAL, ANSWER],
    [],
  ]) {
    assert.equal(readTrace(lines.join('\n')).isDurableFirst, false, lines.join('\n'));
  }
});

test('a sync counts when it ends, an answer when it begins', () => {
  const begun = '10 fdatasync(22</data/journal.db-wal> <unfinished ...>';
  const ended = '10 <... fdatasync resumed>) = 0';
  const answering = '11 write(40<socket:[1]>, "HTTP/1.1 202 Accepted\\r\\n"..., 330 <unfinished ...>';
  const answered = '11 <... write resumed>) = 330';
  assert.equal(readTrace([ARRIVAL, WRITE, begun, ended, ANSWER].join('\n')).isDurableFirst, true);
  assert.equal(
    readTrace([ARRIVAL, WRITE, begun, answering, ended, answered].join('\n')).isDurableFirst,
    false,
  );
});
