import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeText, unescapeText } from './text.ts';

const text = fc.array(fc.constantFrom('\u0000', '\u0001', '0', '1', 'a', '火'), { maxLength: 12 });

test('any text comes back as it was, and what is kept has no zero character', () => {
  fc.assert(
    fc.property(text, (parts) => {
      const original = parts.join('');
      const kept = escapeText(original);
      assert.ok(!kept.includes('\u0000'));
      assert.equal(unescapeText(kept), original);
    }),
  );
});

test('JSON is kept as it is, so that a person at the database can read it', () => {
  const json = JSON.stringify({ summary: 'zero \u0000, one \u0001 and 火' });
  assert.equal(escapeText(json), json);
});
