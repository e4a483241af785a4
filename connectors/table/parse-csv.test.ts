import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from '@signalbox/sdk';
import fc from 'fast-check';
import { parseCsv } from './parse-csv.ts';

test('quotes, doubled quotes, commas and line breaks in cells, CRLF and a byte order mark', () => {
  const text = '\uFEFFname,note\r\nshop,"a ""quoted"", cell"\r\npay,"two\nlines"\n\nlast,';
  assert.deepEqual(parseCsv(text), [
    { name: 'shop', note: 'a "quoted", cell' },
    { name: 'pay', note: 'two\nlines' },
    { name: 'last', note: '' },
  ]);
  assert.deepEqual(parseCsv(''), []);
});

test('what is wrong is named with its line', () => {
  const wrong: Readonly<Record<string, RegExp>> = {
    'a,b\n1\n': /line 2: expected 2 cells, found 1/,
    'a,b\n"x\ny",1\n1,2,3\n': /line 4: expected 2 cells, found 3/,
    'a\n"x': /line 2: a quote is not closed/,
    'a\n"x"y\n': /line 2: something follows a closing quote/,
    'a,a\n1,2\n': /line 1: a column stands twice/,
  };
  for (const [text, message] of Object.entries(wrong)) assert.throws(() => parseCsv(text), message, text);
});

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

test('whatever cells hold, a table that is written with quotes comes back', () => {
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((width) =>
      fc.array(fc.array(fc.string(), { minLength: width, maxLength: width }), { maxLength: 6 }),
    );
  fc.assert(
    fc.property(table, (rows) => {
      const columns = (rows[0] ?? ['x']).map((_, index) => `c${index}`);
      // A row of one empty cell can't be told from an empty line.
      const kept = rows.filter((row) => row.length > 1 || row[0] !== '');
      const text = [columns, ...kept].map((row) => row.map(quote).join(',')).join('\r\n');
      assert.deepEqual(
        parseCsv(text),
        kept.map((row) => Object.fromEntries(row.map((cell, index) => [`c${index}`, cell]))),
      );
    }),
  );
});

test('any text is a table or a fault', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[",\n\rab]{0,40}$/), (text) => {
      try {
        parseCsv(text);
      } catch (error) {
        assert.ok(isFault(error));
      }
    }),
  );
});
