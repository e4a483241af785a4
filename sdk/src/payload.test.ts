import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from './fault.ts';
import {
  readLink,
  readList,
  readObject,
  readOptionalText,
  readText,
  readTexts,
  readTime,
} from './payload.ts';

function refuses(run: () => unknown, field: string): void {
  assert.throws(run, (error) => isFault(error) && error.code === 'SB_REJECTED' && error.field === field);
}

test('readers pass on what is right and refuse the rest with the path of the field', () => {
  const labels = { a: 'b' };
  assert.equal(readTexts(labels, 'labels'), labels);
  assert.deepEqual(readTexts({ a: 'b', c: '', '': 'd' }, 'labels'), { a: 'b' });
  assert.deepEqual(readTexts(null, 'labels'), {});
  assert.equal(readOptionalText(null, 'x'), undefined);
  refuses(() => readTexts({ a: 1 }, 'alerts[3].labels'), 'alerts[3].labels.a');
  refuses(() => readTexts(['a'], 'labels'), 'labels');
  refuses(() => readObject([], 'x'), 'x');
  refuses(() => readList({}, 'x'), 'x');
  refuses(() => readText('', 'x'), 'x');
  refuses(() => readOptionalText(7, 'x'), 'x');
});

test('the zero time and a missing one are none; what is no time is refused', () => {
  for (const none of [undefined, null, '', '0001-01-01T00:00:00Z'])
    assert.equal(readTime(none, 'x'), undefined);
  assert.equal(readTime('2026-11-20T10:00:00+01:00', 'x'), '2026-11-20T09:00:00.000Z');
  refuses(() => readTime('soon', 'x'), 'x');
  refuses(() => readTime({}, 'x'), 'x');
});

test('only links of the web are links', () => {
  assert.equal(readLink('https://example.org/x'), 'https://example.org/x');
  for (const other of ['javascript:alert(1)', '?orgId=1', 'https://', 'http://a b', 7, undefined]) {
    assert.equal(readLink(other), undefined);
  }
});
