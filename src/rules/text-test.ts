import type { FieldPath, TextTest } from '@signalbox/sdk';
import type { Labels } from '../model/matcher.ts';
import type { Subject } from './subject.ts';

/** Compiles what an expression says about texts to plain comparisons, which take a hundredth of its time. */
export function compileTest(test: TextTest): (subject: Subject) => boolean {
  switch (test.kind) {
    case 'not': {
      const inner = compileTest(test.test);
      return (subject) => !inner(subject);
    }
    case 'all': {
      const inner = test.tests.map(compileTest);
      return (subject) => inner.every((holds) => holds(subject));
    }
    case 'any': {
      const inner = test.tests.map(compileTest);
      return (subject) => inner.some((holds) => holds(subject));
    }
    default: {
      const read = readerOf(test.path);
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
  return (subject) => {
    const value = path.reduce(fieldOf, subject);
    return typeof value === 'string' ? value : '';
  };
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
