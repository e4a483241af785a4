import type { Terminal } from './terminal.ts';

export interface ProgressBar {
  /** @param share from 0 to 1. */
  show(label: string, share: number): void;
  /** Takes it off the screen. */
  end(): void;
}

const WIDTH = 30;
const CLEAR_LINE = '\r\u001b[2K';

/** One line on standard error that moves; nothing at all where standard error is no terminal. */
export function createProgressBar(
  { isLive }: Pick<Terminal, 'isLive'>,
  write: (text: string) => void = (text) => void process.stderr.write(text),
): ProgressBar {
  if (!isLive) return { show: () => {}, end: () => {} };
  let shown = '';
  return {
    show(label, share) {
      const line = barText(label, share);
      if (line === shown) return;
      shown = line;
      write(`${CLEAR_LINE}${line}`);
    },
    end() {
      if (shown !== '') write(CLEAR_LINE);
    },
  };
}

export function barText(label: string, share: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  const full = Math.round(bounded * WIDTH);
  return `${label.padEnd(12)} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(Math.floor(bounded * 100)).padStart(3)}%`;
}
