import type { CommandResult } from '../model/command.ts';
import { Problem } from './problem.ts';

/** Waits until the state's owner has applied a command; what it refuses is refused here. */
export async function applyCommand(result: Promise<CommandResult>): Promise<void> {
  const outcome = await result;
  if (!outcome.ok) throw new Problem(outcome.code, outcome.detail);
}
