import type { Alert } from '../model/alert.ts';
import type { CommandOutcome } from '../model/alert-command.ts';
import type { AnalysisCommand, AnalysisNote } from '../model/analysis.ts';
import type { Made } from '../model/prepared.ts';
import type { CommandBody } from '../model/record.ts';

/** Whether a command of the journal is what a machine has to say. */
export function isAnalysis(command: CommandBody['command']): command is AnalysisCommand {
  return command.action.kind === 'note_analysis';
}

export interface Noted {
  readonly alert: Alert;
  readonly outcome: CommandOutcome;
  /** Nobody is told because a machine said something. */
  readonly wakes: false;
  readonly made: Made;
}

/**
 * Puts what a machine made of an episode to what is known of the alert, unless it has begun anew in the meantime. It changes nothing else, so neither
 * status nor lifecycle nor groups depend on a machine. Pure.
 */
export function noteAnalysis(alert: Alert, { episode, analysis }: AnalysisNote): Noted {
  const rule = analysis.by ?? analysis.score?.by ?? '';
  const done = (after: Alert, outcome: CommandOutcome, text: string): Noted => ({
    alert: after,
    outcome,
    wakes: false,
    made: { stage: 'analyse', rule, outcome: text },
  });
  if (alert.episode !== episode) {
    const detail = `The answer is about episode ${episode}, and the alert has begun anew.`;
    return done(alert, { ok: false, code: 'conflict', detail }, 'too late: the alert has begun anew');
  }
  const facts = { ...alert.facts, analysis: { ...alert.facts?.analysis, ...analysis } };
  const text = analysis.score ? `scored ${analysis.score.value.toFixed(2)}` : 'answered';
  return done({ ...alert, facts }, { ok: true, changed: true }, text);
}
