import type { Demand, Expression, FieldPath, TextTest } from '@signalbox/sdk';
import type { Labels } from '../model/matcher.ts';
import type { Subject } from './subject.ts';

/** How a field of what is looked at is read as a text; what is not there, or is no text, is empty. */
export type ReaderOf<S> = (path: FieldPath) => (subject: S) => string;

/**
 * Compiles what an expression says about texts to plain comparisons, which take a hundredth of its time. All of them hold wherever it does; where
 * its outline is whole, it holds wherever they do.
 */
export function compileGuards<S>(
  { tests, demands }: Pick<Expression['outline'], 'tests' | 'demands'>,
  readField: ReaderOf<S>,
): readonly ((subject: S) => boolean)[] {
  return [...tests, ...demandsBeside(tests, demands)].map((test) => compileTest(test, readField));
}

/** What has to be a certain text, of fields that need not be texts; where they are not there, the condition does not hold either. */
function demandsBeside(tests: readonly TextTest[], demands: readonly Demand[]): readonly TextTest[] {
  const known = new Set(tests.map((test) => ('path' in test ? test.path.join('\n') : '')));
  return demands
    .filter(({ path }) => !known.has(path.join('\n')))
    .map((demand): TextTest => ({ kind: 'in', ...demand }));
}

function compileTest<S>(test: TextTest, readField: ReaderOf<S>): (subject: S) => boolean {
  switch (test.kind) {
    case 'not': {
      const inner = compileTest(test.test, readField);
      return (subject) => !inner(subject);
    }
    case 'all': {
      const inner = test.tests.map((one) => compileTest(one, readField));
      return (subject) => inner.every((holds) => holds(subject));
    }
    case 'any': {
      const inner = test.tests.map((one) => compileTest(one, readField));
      return (subject) => inner.some((holds) => holds(subject));
    }
    default: {
      const read = readField(test.path);
      const compare = comparisonOf(test.kind, test.values);
      return (subject) => compare(read(subject));
    }
  }
}

function comparisonOf(
  kind: 'in' | 'startsWith' | 'endsWith' | 'contains',
  values: readonly string[],
): (text: string) => boolean {
  const [only = ''] = values;
  switch (kind) {
    case 'in': {
      if (values.length === 1) return (text) => text === only;
      const allowed = new Set(values);
      return (text) => allowed.has(text);
    }
    case 'startsWith':
      return (text) => text.startsWith(only);
    case 'endsWith':
      return (text) => text.endsWith(only);
    case 'contains':
      return (text) => text.includes(only);
  }
}

/** Reads one field of a subject as a text; what is not there, or is no text, is empty. What an object inherits is not there. */
export function readerOf(path: FieldPath): (subject: Subject) => string {
  const [variable, field, name] = path;
  if (variable === 'alert' && field === 'labels' && name !== undefined)
    return ({ alert }) => textOf(alert.labels, name);
  if (variable === 'alert' && field === 'annotations' && name !== undefined)
    return ({ alert }) => textOf(alert.annotations, name);
  return (subject) => readPath(subject, path);
}

/** The text at a path from any object; empty as for `readerOf`. */
export function readPath(from: object, path: FieldPath): string {
  const value = path.reduce<unknown>(fieldOf, from);
  return typeof value === 'string' ? value : '';
}

function fieldOf(value: unknown, name: string): unknown {
  const isMap = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isMap ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** Never what an object inherits: `constructor` is a name that a label may have. */
export function textOf(map: Labels, name: string): string {
  const value = map[name];
  return typeof value === 'string' ? value : '';
}
