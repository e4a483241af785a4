import { isFault } from '@signalbox/sdk';
import type { ConditionText } from '../model/rule-settings.ts';
import { compileCondition, type Condition } from '../rules/condition.ts';
import type { Report } from './report.ts';
import { readMatchers } from './resolve-matchers.ts';
import { pointerOf, type PathPart } from './tree.ts';

export interface WrittenCondition {
  readonly when?: string;
  readonly matchers?: string | readonly string[];
}

export interface ReadCondition {
  readonly text: ConditionText;
  /** Absent when it does not compile; that is in the report. */
  readonly condition?: Condition;
}

/** Reads and compiles a condition that stands at `path`, whoever has it. What is wrong goes to the report with its place. */
export function readCondition(
  { when, matchers = [] }: WrittenCondition,
  path: readonly PathPart[],
  report: Report,
): ReadCondition {
  const text: ConditionText = {
    ...(when === undefined ? {} : { when }),
    matchers: readMatchers(matchers, [...path, 'matchers'], report).map(({ name, op, value }) => ({
      name,
      op,
      value,
    })),
  };
  const condition = compileAt([...path, 'when'], report, () => compileCondition(text));
  return condition ? { text, condition } : { text };
}

/** Whatever compiles CEL; undefined when it does not compile, which then is in the report. */
export function compileAt<T>(path: readonly PathPart[], report: Report, compile: () => T): T | undefined {
  try {
    return compile();
  } catch (error) {
    if (!isFault(error)) throw error;
    // The compiler quotes what it reads, which may not be shown when it came from outside.
    const detail = report.tree.external.has(pointerOf(path)) ? '' : `: ${error.message.replace(/\.$/, '')}`;
    report.error(path, { code: 'bad_expression', message: `this does not compile${detail}` });
    return undefined;
  }
}
