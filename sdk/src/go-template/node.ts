import type { TemplatePlace } from './error.ts';

/** The parts of a template, as the language defines them (https://pkg.go.dev/text/template#hdr-Actions). */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'action'; readonly pipeline: Pipeline } & Placed)
  | ({ readonly kind: 'if' | 'with' | 'range' } & Branch)
  | ({ readonly kind: 'template'; readonly name: string; readonly pipeline?: Pipeline } & Placed)
  | ({ readonly kind: 'break' | 'continue' } & Placed);

export interface Placed {
  readonly place: TemplatePlace;
}

export interface Branch extends Placed {
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** `$x := first | second`; the value is that of the last command. */
export interface Pipeline extends Placed {
  /** Names with their `$`. Two of them only in a `range`. */
  readonly variables: readonly string[];
  /** `=` instead of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A function, field, method or variable with its arguments, or a value alone. Never empty. */
export interface Command extends Placed {
  readonly terms: readonly Term[];
}

export type Term = Placed &
  (
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'field'; readonly names: readonly string[] }
    | { readonly kind: 'variable'; readonly name: string; readonly names: readonly string[] }
    | { readonly kind: 'chain'; readonly of: Term; readonly names: readonly string[] }
    | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
    | { readonly kind: 'string'; readonly text: string }
    | NumberTerm
    | { readonly kind: 'bool'; readonly value: boolean }
    | { readonly kind: 'dot' | 'nil' }
  );

/** A constant has no type of its own: it fits an integer or a float, whatever is asked for. */
export interface NumberTerm {
  readonly kind: 'number';
  /** Set when the value is whole and fits 64 bits: `3`, `0x1f`, `28800e9`. */
  readonly integer?: bigint;
  readonly float: number;
  /** Written with a point or an exponent, so that it is a float where either would do. */
  readonly writtenAsFloat: boolean;
}

/** Templates by name; what stands outside of any `define` has the name of the file. */
export type Definitions = ReadonlyMap<string, Definition>;

export interface Definition extends Placed {
  readonly body: readonly Node[];
}

/** White space and comments only; such a definition never replaces another one. */
export function isEmptyBody(body: readonly Node[]): boolean {
  return body.every((node) => node.kind === 'text' && node.text.trim() === '');
}
