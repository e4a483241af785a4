import type { HubClient } from './client.ts';
import { CommandError } from './command-error.ts';
import { printJson, type Terminal } from './terminal.ts';

interface Outcome {
  readonly id: string;
  readonly ok: boolean;
  readonly error?: string;
}

/** Acts on one after the other; one that fails stops none of the others. Resolves with the exit code. */
export async function settleEach(
  hub: HubClient,
  ids: readonly string[],
  options: {
    readonly path: (id: string) => string;
    /** The same for each; default: none. */
    readonly body?: unknown;
    /** `sent again`, for the line of each; or what the hub’s answer says. */
    readonly done: string | ((answer: unknown) => string);
    readonly json: boolean;
    readonly terminal: Terminal;
  },
): Promise<number> {
  const { terminal } = options;
  const outcomes: Outcome[] = [];
  for (const id of ids) {
    try {
      const answer = await hub.post(options.path(encodeURIComponent(id)), options.body);
      outcomes.push({ id, ok: true });
      if (!options.json)
        terminal.print(`${id} ${typeof options.done === 'string' ? options.done : options.done(answer)}`);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      outcomes.push({ id, ok: false, error: error.message });
      if (!options.json) terminal.remark(`${id}: ${error.message}`);
    }
  }
  if (options.json) printJson(terminal, { items: outcomes });
  return outcomes.every(({ ok }) => ok) ? 0 : 1;
}
