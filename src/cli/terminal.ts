import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Where a command writes, and what it may know of the surroundings; the edge between commands and the process. */
export interface Terminal {
  /** To standard output: what was asked for. */
  readonly print: (text: string) => void;
  /** To standard error: remarks that must not mix with what was asked for. */
  readonly remark: (text: string) => void;
  /** Colours for standard output, or the text as it is. */
  readonly paint: (style: Style, text: string) => string;
  /** Columns of standard output; undefined when it is no terminal, and nothing has to be cut. */
  readonly columns: number | undefined;
  /** Whether standard error is a terminal, for things that move. */
  readonly isLive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
}

const DEFAULT_COLUMNS = 80;

/** The process's own terminal. Colour follows `NO_COLOR`, `FORCE_COLOR` and whether standard output is one (https://no-color.org). */
export function createTerminal({ stdout, stderr, env }: NodeJS.Process): Terminal {
  return {
    print: (text) => void stdout.write(`${text}\n`),
    remark: (text) => void stderr.write(`${text}\n`),
    paint: (style, text) => styleText(style, text, { stream: stdout }),
    columns: stdout.isTTY ? stdout.columns || DEFAULT_COLUMNS : undefined,
    isLive: stderr.isTTY,
    env,
    now: Date.now,
  };
}

/** What `--json` prints: two blanks of indentation, for people who look at it too. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.print(JSON.stringify(value, undefined, 2));
}
