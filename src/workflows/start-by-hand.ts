import type { CommandResult, WorkflowCommand } from '../model/command.ts';
import type { Settings } from '../model/settings.ts';
import { StaleRun, type Store } from '../store/port.ts';
import { handOverAll } from './hand-over.ts';

export interface HandContext {
  readonly store: Pick<Store, 'alerts' | 'commit'>;
  settings(): Settings;
  now(): number;
  expectDelivery(integration: string, dueAt: number): void;
}

/** Hands an alert over because a person wants it. Where the rule wants an approval, somebody has to agree first. */
export async function startByHand(context: HandContext, command: WorkflowCommand): Promise<CommandResult> {
  const { tenant, fingerprint, by } = command;
  const now = context.now();
  const settings = context.settings();
  const rule = settings.workflows.find(({ id }) => id === command.rule);
  if (!rule) return { ok: false, code: 'not_found', detail: `there is no workflow ${command.rule}` };
  const [alert] = await context.store.alerts([{ tenant, fingerprint }]);
  if (!alert) return { ok: false, code: 'not_found', detail: `there is no alert ${fingerprint}` };
  const { externalURL } = settings.server;
  const opening = { rule, trigger: 'person', about: { alert }, requestedBy: by, externalURL } as const;
  const rows = handOverAll([opening], settings, now);
  try {
    await context.store.commit({
      ...rows,
      inputs: [{ step: 'command', now, revision: settings.revision, what: JSON.stringify(command) }],
    });
  } catch (error) {
    if (!(error instanceof StaleRun)) throw error;
    return { ok: false, code: 'conflict', detail: `somebody asked for ${rule.id} at the same moment` };
  }
  for (const { integration, dueAt } of rows.deliveries) context.expectDelivery(integration, dueAt);
  return { ok: true, id: rows.workflowRuns[0]!.id };
}
