import { setTimeout as pause } from 'node:timers/promises';
import { HOLD_MS, type Fault } from '../fault.ts';

const HOUR_MS = 3_600_000;

export const clockJump: Fault = {
  name: 'clock-jump',
  title: 'the wall clock of a node jumps an hour ahead, then two hours back, then to the right time',
  holdMs: HOLD_MS / 2,
  async inject({ victim }) {
    victim.moveClock(HOUR_MS);
    await pause(HOLD_MS / 2);
    victim.moveClock(-HOUR_MS);
  },
  async heal({ victim }) {
    victim.moveClock(0);
  },
};
