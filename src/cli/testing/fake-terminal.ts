import type { Terminal } from '../terminal.ts';

export interface FakeTerminal extends Terminal {
  readonly printed: string[];
  readonly remarked: string[];
}

/** Keeps what is written, without colours. */
export function createFakeTerminal(changes: Partial<Terminal> = {}): FakeTerminal {
  const printed: string[] = [];
  const remarked: string[] = [];
  return {
    printed,
    remarked,
    print: (text) => void printed.push(text),
    remark: (text) => void remarked.push(text),
    paint: (_style, text) => text,
    columns: undefined,
    isLive: false,
    env: {},
    now: () => Date.UTC(2026, 10, 20, 12),
    ...changes,
  };
}
