import type { MoveProgress } from '../move/progress.ts';
import { createProgressBar } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';

export interface MoveDisplay {
  readonly show: (progress: MoveProgress) => void;
  /** Takes the bar off the screen. */
  readonly end: () => void;
}

const STEPS = 100;

/** A bar that moves on a terminal; with `--json` a line per percent, which programs read from standard output. */
export function createMoveDisplay(terminal: Terminal, json: boolean): MoveDisplay {
  if (json)
    return {
      show: eachStep((progress) => terminal.print(JSON.stringify({ event: 'progress', ...progress }))),
      end() {},
    };
  const bar = createProgressBar(terminal);
  return {
    show: ({ phase, what, done, total }) => bar.show(`${phase} ${what}`.padEnd(LABEL), shareOf(done, total)),
    end: () => bar.end(),
  };
}

/** So that the bar stands still while its label changes. */
const LABEL = 'comparing connector_state'.length;

function eachStep(print: (progress: MoveProgress) => void): MoveDisplay['show'] {
  let last = '';
  return (progress) => {
    const { phase, what, done, total } = progress;
    const step = `${phase} ${what} ${Math.floor(shareOf(done, total) * STEPS)}`;
    if (step === last) return;
    last = step;
    print(progress);
  };
}

function shareOf(done: number, total: number): number {
  return total === 0 ? 1 : done / total;
}
