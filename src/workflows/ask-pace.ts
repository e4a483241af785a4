const FIRST_MS = 5_000;
const LONGEST_MS = 300_000;
const FACTOR = 1.5;

/** How long after a question, or after its start, an engine is asked how a run goes on: sooner at first, every five minutes in the end. */
export function nextAskMs(asked: number): number {
  return Math.round(Math.min(LONGEST_MS, FIRST_MS * FACTOR ** Math.min(asked, 50)));
}
