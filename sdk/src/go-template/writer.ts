import { printText } from './print.ts';
import type { GoValue } from './value.ts';

/** Where the text of a rendering goes; values are escaped there, if at all. */
export interface Writer {
  /** HTML escapes by itself; a function that escapes may only end an action there. */
  readonly isHtml: boolean;
  /** What stands in the template itself. */
  readonly text: (text: string) => void;
  /**
   * What an action yields.
   * @param escaper `html` or `urlquery` when the action ended with that function, so that nothing is escaped twice.
   */
  readonly value: (value: GoValue, escaper: string | undefined) => void;
  readonly result: () => string;
}

/** For text: values as they are, nothing as `<no value>`. */
export function createTextWriter(spend: () => void, keep: (text: string) => void): Writer {
  const parts: string[] = [];
  const add = (text: string): void => {
    keep(text);
    parts.push(text);
  };
  return {
    isHtml: false,
    text: add,
    value: (value) => add(value === null ? '<no value>' : printText([value], spend)),
    result: () => parts.join(''),
  };
}
