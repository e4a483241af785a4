import { cleanLine, Fault, shorten, type WorkflowStatus } from '@signalbox/sdk';

const STATES: readonly unknown[] = [
  'running',
  'succeeded',
  'failed',
] satisfies readonly WorkflowStatus['state'][];
const MAX_WORDS_CHARACTERS = 500;

/** What a connector says of a run, checked and bounded. Throws a fault for what is no status. */
export function takeStatus(returned: unknown): WorkflowStatus {
  const { state, words } = Object(returned) as { readonly state?: unknown; readonly words?: unknown };
  if (!STATES.includes(state))
    throw new Fault('SB_UNAVAILABLE', 'the engine did not say how the run goes on');
  const said =
    typeof words === 'string' && words !== ''
      ? { words: shorten(cleanLine(words), MAX_WORDS_CHARACTERS) }
      : {};
  return { state: state as WorkflowStatus['state'], ...said };
}
