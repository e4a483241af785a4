import type { Demand, FieldPath } from '@signalbox/sdk';
import { valuesOf } from '../model/create-matcher.ts';
import type { Matcher } from '../model/matcher.ts';

/** What is asked of an alert, as far as it can be compared without one. */
export interface Asked {
  readonly matchers: readonly Matcher[];
  /** Fields that need one of some texts. */
  readonly demands: readonly Demand[];
}

/**
 * Whether no alert can be all that is asked: for one field texts are named of which none would do everywhere. What names no texts, such as
 * two patterns, is never said to contradict.
 */
export function contradict(asked: readonly Asked[]): boolean {
  const matchers = asked.flatMap((one) => one.matchers);
  const demands = [...asked.flatMap((one) => one.demands), ...matchers.flatMap(demandOf)];
  return demands.some(({ path, values }) => {
    const others = demands.filter((other) => isSame(other.path, path));
    const tests = matchers.filter(({ name }) => isSame(labelPath(name), path));
    const isPossible = (value: string): boolean =>
      others.every((other) => other.values.includes(value)) && tests.every((matcher) => matcher.test(value));
    return !values.some(isPossible);
  });
}

function demandOf(matcher: Matcher): readonly Demand[] {
  const values = valuesOf(matcher);
  return values ? [{ path: labelPath(matcher.name), values }] : [];
}

function labelPath(name: string): FieldPath {
  return ['alert', 'labels', name];
}

function isSame(left: FieldPath, right: FieldPath): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index]);
}
