import type { CommandResult, DeliveryCommand } from '../model/command.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Settings } from '../model/settings.ts';
import type { Store } from '../store/port.ts';
import { deliveryChange } from '../pipeline/change.ts';
import { followStarts } from '../workflows/follow-starts.ts';
import { conflict, planRedrive } from './redrive.ts';

export interface CommandContext {
  readonly store: Store;
  settings(): Settings;
  now(): number;
  expectDelivery(integration: string, dueAt: number): void;
  /** Refuses what needs an approval first, and asks for it; undefined when it may be done at once (BR-ERR-010). */
  askToRedrive(
    letter: Pick<Delivery, 'id' | 'tenant' | 'integration'> & { readonly kind: 'delivery' },
    by: string,
  ): Promise<CommandResult | undefined>;
}

/** Who asks without a name. */
const UNNAMED = 'api';

/** Applies what a person asked for, through the delivery's transition table; answered after the commit (BR-ERR-015). */
export async function applyCommand(
  context: CommandContext,
  command: DeliveryCommand,
): Promise<CommandResult> {
  const now = context.now();
  const settings = context.settings();
  const input = { step: 'command', now, revision: settings.revision, what: JSON.stringify(command) } as const;
  switch (command.kind) {
    case 'redrive_delivery': {
      const plan = await planRedrive(context.store, settings, command.id, now);
      if (!plan.ok) return plan;
      const { delivery, rows } = plan;
      const needed = await context.askToRedrive({ kind: 'delivery', ...delivery }, command.by ?? UNNAMED);
      if (needed) return needed;
      const { lost } = await context.store.commit({ ...rows, inputs: [input] });
      if (lost.length > 0) return conflict(delivery, 'be sent again');
      context.expectDelivery(delivery.integration, now);
      return { ok: true };
    }
    case 'discard_delivery': {
      const [delivery] = await context.store.deliveries([command.id]);
      if (!delivery) return notFound(command.id);
      if (!['dead', 'unknown', 'pending'].includes(delivery.status))
        return conflict(delivery, 'be discarded');
      const move = { id: delivery.id, from: delivery.status, to: 'discarded', settledAt: now } as const;
      const followed = await followStarts(context.store, [{ delivery, move }], () => true, now);
      const { lost } = await context.store.commit({
        moves: [move],
        workflowRuns: followed.workflowRuns,
        inputs: [input],
        changes: [deliveryChange(delivery, 'discarded', now), ...followed.changes],
      });
      return lost.length > 0 ? conflict(delivery, 'be discarded') : { ok: true };
    }
    case 'settle_quarantine': {
      const row = await context.store.quarantined(command.id);
      if (!row) return notFound(command.id);
      if (row.status !== 'held')
        return { ok: false, code: 'conflict', detail: `signal ${row.id} was ${row.status} before` };
      await context.store.commit({
        quarantineSettled: [{ id: row.id, status: command.status, at: now }],
        inputs: [input],
      });
      return { ok: true };
    }
  }
}

function notFound(id: string): CommandResult {
  return { ok: false, code: 'not_found', detail: `there is no ${id}` };
}
