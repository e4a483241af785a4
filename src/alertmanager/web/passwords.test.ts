import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { createPasswords } from './passwords.ts';

const HASHES = new Map([
  ['ada', hashSync('secret', 4)],
  ['bob', hashSync('other', 4)],
]);

test('a password is the user’s own, whoever else has it, and nobody’s who does not exist', async (t) => {
  const passwords = createPasswords();
  t.after(() => passwords.close());
  for (const _ of ['compared', 'remembered']) {
    assert.equal(await passwords.check(HASHES, 'ada', 'secret'), true);
    assert.equal(await passwords.check(HASHES, 'bob', 'secret'), false);
    // Compared with the hash of the first user, which it fits.
    assert.equal(await passwords.check(HASHES, 'eve', 'secret'), false);
  }
  // What was right under a hash that is gone is right no more.
  assert.equal(await passwords.check(new Map([['ada', HASHES.get('bob')!]]), 'ada', 'secret'), false);
});

test('too many at once are told to come back; one that is asked for again waits for the same answer', async (t) => {
  const passwords = createPasswords();
  t.after(() => passwords.close());
  const wrong = Array.from({ length: 40 }, (_, index) => passwords.check(HASHES, 'ada', `wrong ${index}`));
  const same = await passwords.check(HASHES, 'ada', 'wrong 0');
  const answers = await Promise.all(wrong);
  assert.equal(same, false);
  assert.deepEqual(
    [
      answers.filter((answer) => answer === false).length,
      answers.filter((answer) => answer === 'busy').length,
    ],
    [32, 8],
  );
});

test('who waits when the thread ends is told, and does not wait for ever', async () => {
  const passwords = createPasswords();
  const slow = new Map([['ada', hashSync('secret', 4).replace('$04$', '$16$')]]);
  const checking = passwords.check(slow, 'ada', 'secret');
  await new Promise((resolve) => setImmediate(resolve));
  await passwords.close();
  await assert.rejects(checking, /the thread of passwords ended/);
});
