import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from './log.ts';
import { logfmtLines, prettyLines } from './log-stream.ts';

function logged(work: (log: ReturnType<typeof createLog>) => void): string {
  let lines = '';
  work(createLog('debug', { thread: 'state' }, { write: (text) => void (lines += text) }));
  return lines;
}

test('an entry is one line: time, level, message, fields', () => {
  const lines = logged((log) => log.warn('it waits', { reason: 'no answer', attempt: 3, url: 'http://a/b' }));
  assert.match(
    prettyLines(lines, false),
    /^\d\d:\d\d:\d\d warn {2}it waits {2}thread=state reason="no answer" attempt=3 url=http:\/\/a\/b\n$/,
  );
});

test('several entries at once stay lines of their own, and the access log has its kind as message', () => {
  const access = '{"level":"info","time":"2026-11-20T09:14:05.000Z","part":"access","status":202}\n';
  assert.equal(prettyLines(access + access, false), '09:14:05 info  access  status=202\n'.repeat(2));
});

test('nothing that came from outside steers the terminal, nor breaks the line', () => {
  const lines = logged((log) =>
    log.error('bad \u001b[2J\n\u202e', { reason: 'a\nb\u001b]0;title\u0007\u009b' }),
  );
  const text = prettyLines(lines, false);
  // oxlint-disable-next-line no-control-regex -- the assertion is about these characters
  assert.doesNotMatch(text.slice(0, -1), /[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('colour is only what it is asked for', () => {
  const lines = logged((log) => log.error('broken'));
  assert.ok(prettyLines(lines, true).includes('\u001b[31merror'));
  assert.ok(!prettyLines(lines, false).includes('\u001b'));
});

test('what is no JSON is shown as it is', () => {
  assert.equal(prettyLines('(node:1) Warning: x\n', false), '(node:1) Warning: x\n');
});

test('logfmt writes one line per entry, quotes what has spaces, and lets no line break or escape through', () => {
  const entry = {
    level: 'warn',
    time: '2026-11-21T00:00:00.000Z',
    msg: 'Listening on',
    address: '[::]:1',
    n: 2,
  };
  const evil = { level: 'info', time: 't', msg: 'a\nlevel=ERROR', empty: '', list: ['x y'] };
  assert.equal(
    logfmtLines(`${JSON.stringify(entry)}\n${JSON.stringify(evil)}\n`),
    'time=2026-11-21T00:00:00.000Z level=WARN msg="Listening on" address=[::]:1 n=2\n' +
      'time=t level=INFO msg="a level=ERROR" empty="" list="[\\"x y\\"]"\n',
  );
});
