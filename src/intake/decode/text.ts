import { isUtf8 } from 'node:buffer';
import { problem, type Problem } from '../problem.ts';

/** Text or the reason why it is none. */
export type Decoded<T> = { readonly value: T } | { readonly problem: Problem };

export function malformed(detail: string): { readonly problem: Problem } {
  return { problem: problem('malformed_body', detail) };
}

/** Strict UTF-8, with a byte order mark taken off: RFC 8259 lets a receiver ignore it, and some senders can't help it. */
export function decodeText(body: Buffer): Decoded<string> {
  if (!isUtf8(body)) return malformed('The body is not valid UTF-8.');
  const text = body.toString('utf8');
  return { value: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}

/** Where a parser stopped, for people: `line 3, column 14`. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}
