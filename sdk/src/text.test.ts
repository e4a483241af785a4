import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanLine, cleanText, escapeHtml, shorten } from './text.ts';

test('escape sequences, control characters and reading-direction overrides go, words and line feeds stay', () => {
  assert.equal(cleanText('disk \u001b[31;1mfull\u001b[0m\r\n\u0007ok'), 'disk full\nok');
  assert.equal(cleanText('\u001b]0;owned\u0007title'), 'title');
  assert.equal(cleanText('a\u202etxt.exe\u009b2J'), 'atxt.exe2J');
});

test('an unfinished sequence does not hide what follows it', () => {
  assert.equal(cleanText('\u001b]0;the disk is full'), ']0;the disk is full');
});

test('whatever comes in, no steering character comes out, and a line is one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // oxlint-disable-next-line no-control-regex -- the assertion is about these characters
      assert.doesNotMatch(cleanText(text), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      assert.doesNotMatch(cleanLine(text), /[\r\n\t]/);
    }),
  );
});

test('shorten keeps to the limit and never splits a character', () => {
  assert.equal(shorten('disk almost full', 11), 'disk almos…');
  assert.equal(shorten('12345😀😀', 7), '12345…');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, limit) => {
      const short = shorten(text, limit);
      assert.ok(short.length <= limit);
      assert.ok(!text.isWellFormed() || short.isWellFormed());
    }),
  );
});

test('HTML is escaped for text and attributes', () => {
  assert.equal(escapeHtml(`<a title="'&'">`), '&lt;a title=&quot;&#39;&amp;&#39;&quot;&gt;');
});
