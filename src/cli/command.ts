import type { Terminal } from './terminal.ts';

/** One `--flag` of a command; the one declaration that parsing, help, completion and the reference derive from. */
export interface Flag {
  /** `strings` may be given several times. */
  readonly type: 'string' | 'strings' | 'boolean';
  readonly description: string;
  /** One letter: `-c`. */
  readonly alias?: string;
  /** What stands for the value in help texts. `FILE` and `DIR` are completed as paths. */
  readonly hint?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
}

export type Flags = Readonly<Record<string, Flag>>;

/** What was given, by the flag's type; a flag that was not given is undefined, false or empty. */
export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: F[Name]['type'] extends 'boolean'
    ? boolean
    : F[Name]['type'] extends 'strings'
      ? readonly string[]
      : string | undefined;
};

/** Words without dashes, in order. */
export interface Positional {
  /** In capitals: `FILE`. */
  readonly name: string;
  readonly description: string;
  readonly isOptional?: boolean;
  /** Only for the last one. */
  readonly isRepeated?: boolean;
}

export interface Call<F extends Flags> {
  readonly flags: FlagValues<F>;
  readonly positionals: readonly string[];
  readonly terminal: Terminal;
  /** All commands, for those that describe them. */
  readonly root: Branch;
}

export interface Command<F extends Flags = Flags> {
  /** More than the summary says: what it reads and changes, what its exit codes mean. Markdown, one paragraph per text. */
  readonly description: readonly string[];
  readonly positionals?: readonly Positional[];
  readonly flags: F;
  readonly examples: readonly Example[];
  /** Hands everything through unread, e.g. to another program. */
  readonly takesAnything?: boolean;
  /** Resolves with the exit code; undefined is 0. Throws a `CommandError` for what a person should read. */
  readonly run: (call: Call<F>) => Promise<number | void>;
}

export interface Example {
  readonly line: string;
  readonly what: string;
}

/** A command in the tree. The code is loaded when it runs or is described, because most of it is never needed at once. */
export interface Leaf {
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: Command }>;
}

/** Commands under one word: `alerts list`, `alerts show`. */
export interface Branch {
  readonly summary: string;
  readonly commands: Readonly<Record<string, Leaf | Branch>>;
  /** The command that runs when none is named. */
  readonly standard?: string;
}

export type Entry = Leaf | Branch;

/** Declares a command: inside, its flags have their own types; outside, one command is like another. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  // Sound because `parseCall` makes the values from the very flags that the types were made from.
  return command as unknown as Command;
}

export function isBranch(entry: Entry): entry is Branch {
  return 'commands' in entry;
}
