import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { acknowledge, apply, compare, leaveOpen, NOTHING_SAID, type KeyState } from './crash-model.ts';

const said = fc.record({
  status: fc.constantFrom('firing' as const, 'resolved' as const),
  fate: fc.constantFrom('acknowledged', 'taken without an answer', 'not taken'),
});

test('a hub that takes every acknowledged statement and any of the others is right', () => {
  fc.assert(
    fc.property(fc.array(said, { maxLength: 20 }), (statements) => {
      let known = NOTHING_SAID;
      let actual: KeyState | undefined;
      statements.forEach(({ status, fate }, index) => {
        const statement = { status, version: index + 1 };
        if (fate !== 'not taken') actual = apply(actual, statement);
        known = (fate === 'acknowledged' ? acknowledge : leaveOpen)(known, statement);
      });
      assert.equal(compare(known, actual), 'right');
    }),
  );
});

test('a hub that forgets the newest acknowledged statement has lost it', () => {
  const first = acknowledge(NOTHING_SAID, { status: 'firing', version: 1 });
  const second = acknowledge(first, { status: 'resolved', version: 2 });
  assert.equal(compare(second, { status: 'resolved', version: 2 }), 'right');
  assert.equal(compare(second, { status: 'firing', version: 1 }), 'lost');
  assert.equal(compare(second, undefined), 'lost');
});

test('a state that nobody can have caused is wrong', () => {
  const known = acknowledge(NOTHING_SAID, { status: 'firing', version: 1 });
  assert.equal(compare(known, { status: 'resolved', version: 1 }), 'wrong');
  assert.equal(compare(known, { status: 'firing', version: 2 }), 'wrong');
});

test('what was not answered may count or not', () => {
  const known = leaveOpen(acknowledge(NOTHING_SAID, { status: 'firing', version: 1 }), {
    status: 'resolved',
    version: 2,
  });
  assert.equal(compare(known, { status: 'firing', version: 1 }), 'right');
  assert.equal(compare(known, { status: 'resolved', version: 2 }), 'right');
  assert.equal(compare(known, undefined), 'lost');
});
