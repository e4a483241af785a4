import type { CommandResult, SilenceCommand } from '../model/command.ts';
import { silenceState, type Silence } from '../model/silence.ts';
import type { Change, Store } from '../store/port.ts';
import { planExpiry, planSilence, type SilencePlan } from './plan-silence.ts';

export interface SilenceContext {
  readonly store: Pick<Store, 'silence' | 'commit'>;
  settings(): { readonly revision: string };
  now(): number;
}

/**
 * Applies what a person said about a silence; answered after the commit. A silence is one row that is written whole, so of two changes at the
 * same moment on two nodes the later one stands.
 */
export async function applySilence(
  { store, settings, now }: SilenceContext,
  command: SilenceCommand,
): Promise<CommandResult> {
  const at = now();
  const before = command.id === undefined ? undefined : await store.silence(command.id);
  if (command.id !== undefined && !before)
    return { ok: false, code: 'not_found', detail: `silence ${command.id} not found` };
  const plan = planOf(command, before, at);
  if (!plan.ok) return plan;
  await store.commit({
    silences: plan.rows,
    changes: plan.rows.map((row) => silenceChange(row, at)),
    inputs: [{ step: 'command', now: at, revision: settings().revision, what: JSON.stringify(command) }],
  });
  return { ok: true, id: plan.id };
}

function planOf(command: SilenceCommand, before: Silence | undefined, now: number): SilencePlan {
  return command.kind === 'expire_silence'
    ? planExpiry(before!, now)
    : planSilence(before, command.draft, command.newId, now);
}

function silenceChange(silence: Silence, at: number): Change {
  const { id, tenant } = silence;
  return { at, tenant, kind: 'silence', id, status: silenceState(silence, at) };
}
