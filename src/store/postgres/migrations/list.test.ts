import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOURNAL_MIGRATIONS } from '../../../journal/postgres/migrations/list.ts';
import { STORE_MIGRATIONS } from './list.ts';

/** What a program of the version before would miss, or could not write any more. */
const HARMFUL = [
  /\bDROP\b/i,
  /\bRENAME\b/i,
  /\bALTER\s+COLUMN\b/i,
  /\bADD\s+(CONSTRAINT|CHECK|UNIQUE|FOREIGN|PRIMARY)\b/i,
  /\bADD\s+COLUMN\b(?=[^,;]*\bNOT\s+NULL\b)(?![^,;]*\bDEFAULT\b)/i,
];

for (const [owner, migrations] of Object.entries({ store: STORE_MIGRATIONS, journal: JOURNAL_MIGRATIONS })) {
  test(`[BR-SCALE-005] a program that knows the ${owner}'s schema before a step works on the one after it`, () => {
    for (const [index, { version, name, worksWith, text }] of migrations.entries()) {
      const before = migrations[index - 1];
      if (!before) continue;
      assert.ok(before.version < version, `${name} comes after ${before.name}`);
      assert.ok(worksWith <= before.version, `${name} says that it works with ${before.name}`);
      for (const harm of HARMFUL) assert.doesNotMatch(text, harm, name);
    }
  });
}
