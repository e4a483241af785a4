import type { Row } from './row.ts';

/** How a measurement is to be done. */
export interface Setting {
  /** Short and less exact, to see that everything works. */
  readonly quick: boolean;
  /** Rounds of which the median counts; the candidates take turns inside a round. */
  readonly rounds: number;
  /** Seconds of load per candidate and round. */
  readonly seconds: number;
  /** For whatever is drawn at random. */
  readonly seed: number;
  /** Tells a person how it goes. */
  readonly say: (line: string) => void;
  /** What one measurement found and a later one needs. */
  readonly known: { hubPerSecond?: number };
}

export type Measure = (setting: Setting) => Promise<readonly Row[]>;
