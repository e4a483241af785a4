import type { Intake } from './intake/intake.ts';
import type { Logger } from './lib/log.ts';
import type { CommandResult } from './model/command.ts';
import type { StateLink } from './state-link.ts';
import type { StoreReader } from './store/reader.ts';

export interface ReadAnewParts {
  readonly reader: Pick<StoreReader, 'quarantined'>;
  readonly intake: Pick<Intake, 'redrive'>;
  readonly state: Pick<StateLink, 'ask' | 'onRedrive'>;
  readonly log: Logger;
}

/**
 * Has quarantined signals read anew: what people ask for, unless it needs an approval first, and what the state's thread says was approved.
 * Returns the way for people.
 */
export function openRedrives(parts: ReadAnewParts): (id: string, by: string) => Promise<CommandResult> {
  const { state, log } = parts;
  state.onRedrive(({ signal, approval }) => {
    readAnew(parts, signal)
      .then((result): Promise<unknown> => {
        if (!result.ok && result.code === 'unavailable') throw new Error(result.detail);
        const detail = result.ok ? `the signal ${signal} was read anew` : result.detail;
        const command = { kind: 'finish_approval', id: approval, ok: result.ok, detail } as const;
        return state.ask({ kind: 'command', command });
      })
      // It is begun anew after a while, by the approval's own clock.
      .catch((error: unknown) => log.warn('an approved signal waits', { signal, reason: String(error) }));
  });
  return async (id, by) => {
    const command = { kind: 'ask_redrive', signal: id, by } as const;
    const asked = await state.ask<CommandResult>({ kind: 'command', command });
    return asked.ok ? readAnew(parts, id) : asked;
  };
}

async function readAnew({ reader, intake, state }: ReadAnewParts, id: string): Promise<CommandResult> {
  const row = await reader.quarantined(id);
  if (!row) return { ok: false, code: 'not_found', detail: `there is no quarantined signal ${id}` };
  const result = await intake.redrive(row);
  if (!result.ok) return result;
  const command = { kind: 'settle_quarantine', id, status: 'redriven' } as const;
  return state.ask<CommandResult>({ kind: 'command', command });
}
