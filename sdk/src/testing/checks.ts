import assert from 'node:assert/strict';
import { test } from 'node:test';

/** A check of the kit that does not apply, with why. It is printed, and it must name a check that exists. */
export interface Skip {
  readonly test: string;
  readonly reason: string;
}

/** Registers one check under its name. */
export type Check = (name: string, run: () => void | Promise<void>) => void;

/**
 * Turns checks into tests, and skips into printed ones. `finish` registers the check of the skips themselves: each names a check that was
 * registered and gives a reason, so that a skip can't outlive what it was for.
 */
export function createChecks(id: string, skips: readonly Skip[]): { readonly check: Check; finish(): void } {
  const names = new Set<string>();
  return {
    check(name, run) {
      names.add(name);
      const skip = skips.find((candidate) => candidate.test === name);
      const reason = skip?.reason.trim();
      if (reason) test(`${id}: ${name}`, { skip: reason }, () => {});
      else test(`${id}: ${name}`, run);
    },
    finish() {
      test(`${id}: every skip names a check and gives a reason`, () => {
        const wrong = skips.filter((skip) => !names.has(skip.test) || skip.reason.trim() === '');
        assert.deepEqual(wrong, [], `the checks are:\n${[...names].join('\n')}`);
      });
    },
  };
}
