import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { displayWidth, renderFields, renderTable } from './table.ts';
import { createFakeTerminal } from './testing/fake-terminal.ts';

const COLUMNS = [
  { title: 'ID' },
  { title: 'COUNT', align: 'right' as const },
  { title: 'TEXT', isFlexible: true },
];

test('columns stand under each other, numbers to the right, nothing behind the last one', () => {
  const table = renderTable(
    COLUMNS,
    [
      ['a', '7', 'short'],
      ['long-id', '1234567', 'x'],
    ],
    createFakeTerminal(),
  );
  assert.equal(
    table,
    ['ID         COUNT  TEXT', 'a              7  short', 'long-id  1234567  x'].join('\n'),
  );
});

test('on a terminal a flexible column gives way with an ellipsis, an id never does', () => {
  const row = ['0123456789abcdef', '1', 'a very long explanation of what went wrong and why'];
  const lines = renderTable(COLUMNS, [row], createFakeTerminal({ columns: 40 })).split('\n');
  assert.ok(lines.every((line) => displayWidth(line) <= 40));
  assert.match(lines[1]!, /^0123456789abcdef +1 {2}a very long e.*…$/);
});

test('in a pipe nothing is cut', () => {
  const text = 'x'.repeat(500);
  assert.ok(renderTable(COLUMNS, [['a', '1', text]], createFakeTerminal()).includes(text));
});

test('colour is laid over the text and does not move the columns', () => {
  const paint = (_style: unknown, text: string): string => `<${text}>`;
  const rows = [[{ text: 'a', style: 'red' as const }, '1', 'x']];
  const [, line] = renderTable(COLUMNS, rows, createFakeTerminal({ paint })).split('\n');
  assert.equal(line, '<a>       1  x');
});

test('what senders wrote can not steer the terminal', () => {
  const hostile = '\u001b[2Jgone\r\nnew\u202etxt';
  const table = renderTable(COLUMNS, [[hostile, '1', hostile]], createFakeTerminal());
  // oxlint-disable-next-line no-control-regex -- the assertion is about these characters
  assert.doesNotMatch(table, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  assert.equal(table.split('\n').length, 2);
  assert.doesNotMatch(renderFields([['label', hostile]], createFakeTerminal()), /\u001b|\u202e|\n/);
});

test('no line is wider than the terminal when all columns may give way, whatever the text', () => {
  const columns = [
    { title: 'A', isFlexible: true },
    { title: 'B', isFlexible: true },
  ];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), { maxLength: 5 }),
      fc.integer({ min: 20, max: 60 }),
      (rows, width) => {
        const table = renderTable(columns, rows, createFakeTerminal({ columns: width }));
        return table.split('\n').every((line) => displayWidth(line) <= width);
      },
    ),
  );
});

test('wide characters count twice', () => {
  assert.equal(displayWidth('磁盘'), 4);
  assert.equal(displayWidth('🔴'), 2);
  assert.equal(displayWidth('Größe'), 5);
});
