import type { Priority } from '@signalbox/sdk';
import type { Matcher } from './matcher.ts';

/** A condition as written, so that it can cross to another thread; all that it says must hold. Compiled by `src/rules/condition.ts`. */
export interface ConditionText {
  /** CEL. */
  readonly when?: string;
  readonly matchers?: readonly Pick<Matcher, 'name' | 'op' | 'value'>[];
}

/** For which alerts something holds, where and when. All conditions have to hold. */
export interface Circumstances extends ConditionText {
  /** Empty: in all of them. */
  readonly environments: readonly string[];
  readonly hours?: { readonly name: string; readonly isOpen: boolean };
}

/** What happens to alerts that a condition holds for. */
export interface RuleSettings extends ConditionText {
  readonly id: string;
  /** An integration whose connector decides whether to hold, with its own reason. */
  readonly filter?: string;
  /** Nobody is told; the text says why. */
  readonly hold?: string;
  readonly set: {
    readonly priority?: Priority;
    /** '' removes one. */
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /** Rules after it are not tried. */
  readonly stop: boolean;
}
