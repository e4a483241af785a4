import { NO_ALIASES, type Aliases } from '../model/aliases.ts';
import type { NamedPlace } from '../model/directory-settings.ts';
import type { Finding } from './finding.ts';
import { findingAt, pointerOf, quoteValue, type PathPart, type Tree } from './tree.ts';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface Renames {
  readonly aliases: Aliases;
  /** Labels whose values are such names. */
  readonly ownerLabels: ReadonlySet<string>;
}

const NO_RENAMES: Renames = { aliases: NO_ALIASES, ownerLabels: new Set() };

/** Collects what the steps of resolving find, with positions. */
export interface Report {
  readonly tree: Tree;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Names of the organization that stand in files beside the configuration. */
  readonly names: NamedPlace[];
  /** What was renamed, for matchers on owners and for names that are written. */
  readonly renames: Renames;
  /** An error that has its position already. */
  add(finding: Finding): void;
  /** A warning that has. */
  addWarning(finding: Finding): void;
  /** `at: 'key'` points at the key instead of its value. */
  error(path: readonly PathPart[], problem: Problem, at?: 'key' | 'value'): void;
  warn(path: readonly PathPart[], problem: Problem, at?: 'key' | 'value'): void;
  /** A value for a message, unless it came from outside the file. */
  quote(path: readonly PathPart[], value: string): string;
}

export function createReport(tree: Tree, renames: Renames = NO_RENAMES): Report {
  const errors: Finding[] = [];
  const warnings: Finding[] = [];
  return {
    tree,
    errors,
    warnings,
    names: [],
    renames,
    add: (finding) => errors.push(finding),
    addWarning: (finding) => warnings.push(finding),
    error: (path, problem, at) => errors.push(findingAt(tree, pointerOf(path), problem, at)),
    warn: (path, problem, at) => warnings.push(findingAt(tree, pointerOf(path), problem, at)),
    quote: (path, value) => quoteValue(tree, pointerOf(path), value),
  };
}
