import type { Fault } from '../fault.ts';

const HOUR_MS = 3_600_000;

export const clockJump: Fault = {
  name: 'clock-jump',
  title: 'the wall clock of a node jumps by an hour, and back; forward in even rounds, backward in odd ones',
  async inject({ victim, round }) {
    victim.moveClock(round % 2 === 0 ? HOUR_MS : -HOUR_MS);
  },
  async heal({ victim }) {
    victim.moveClock(0);
  },
};
