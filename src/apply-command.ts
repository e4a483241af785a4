import type { ApprovalDesk } from './approvals/desk.ts';
import { applyCommand as applyDeliveryCommand, type CommandContext } from './delivery/command.ts';
import type { Command, CommandResult } from './model/command.ts';
import type { NamespaceNews } from './model/namespace.ts';
import { applyIncidentCommand } from './pipeline/incident-command.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import { startByHand } from './workflows/start-by-hand.ts';
import { applySilence } from './suppression/apply-silence.ts';

export interface CommandParts {
  readonly context: Omit<CommandContext, 'askToRedrive'>;
  readonly desk: ApprovalDesk;
  readonly pipeline: Pick<Pipeline, 'between'>;
  recordNamespaces(news: readonly NamespaceNews[]): Promise<void>;
}

/** Brings a command to whoever applies it; answered after the commit. */
export function applyCommand(
  { context, desk, pipeline, recordNamespaces }: CommandParts,
  command: Command,
): Promise<CommandResult> {
  switch (command.kind) {
    case 'put_silence':
    case 'expire_silence':
      return applySilence(context, command);
    case 'answer_approval':
    case 'ask_redrive':
    case 'finish_approval':
    case 'request_promotion':
    case 'request_limits':
    case 'request_approval':
      return desk.apply(command);
    case 'incident':
      // Incidents are changed by the pipeline as well; between two rounds neither has to begin anew because of the other.
      return pipeline.between(() => applyIncidentCommand(context, command));
    case 'start_workflow':
      // Between two rounds, so that the alert is what a step has just made of it.
      return pipeline.between(() => startByHand(context, command));
    case 'namespace':
      return recordNamespaces([command.news]).then(() => ({ ok: true }));
    default:
      return applyDeliveryCommand({ ...context, askToRedrive: desk.askToRedrive }, command);
  }
}
