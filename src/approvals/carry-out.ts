import { planRedrive } from '../delivery/redrive.ts';
import type { Approval } from '../model/approval.ts';
import type { Settings } from '../model/settings.ts';
import type { Commit, Store } from '../store/port.ts';
import { amountsOf, nameOf } from './limits-question.ts';
import { grantRun } from '../workflows/grant-run.ts';
import { mayPromote } from './promotion-question.ts';
import type { ApprovalEvent } from './transitions.ts';

export interface ActionContext {
  readonly store: Pick<
    Store,
    'deliveries' | 'superseded' | 'quarantined' | 'namespaces' | 'workflowRuns' | 'alerts' | 'incidents'
  >;
  settings(): Settings;
  now(): number;
  /** A delivery was put back among those that wait. */
  expectDelivery(integration: string, dueAt: number): void;
  /** Has a held signal read anew by whoever writes the journal, who says what came of it by `finish_approval`. */
  redriveSignal(signal: string, approval: string): void;
}

/** What happens to the approval, the rows that are committed with it, and what follows once they are. */
export interface Carried {
  readonly event: Extract<ApprovalEvent, { readonly kind: 'start' | 'finish' }>;
  readonly rows?: Commit;
  readonly after?: () => void;
}

/** After this long whoever was to do it counts as dead, and it is begun anew. */
const STARTED_FOR_MS = 60_000;

/** Decides how the action of a granted approval is done. What can't be done any more fails, and the approval says why. */
export async function carryOut(context: ActionContext, approval: Approval): Promise<Carried> {
  const now = context.now();
  const { id, action } = approval;
  switch (action?.kind) {
    case 'redrive_delivery': {
      const plan = await planRedrive(context.store, context.settings(), action.id, now);
      if (!plan.ok) return failed(plan.detail);
      const { integration } = plan.delivery;
      return {
        event: { kind: 'finish', ok: true, detail: `${action.id} is sent to ${integration} again` },
        rows: plan.rows,
        after: () => context.expectDelivery(integration, now),
      };
    }
    case 'redrive_signal': {
      const row = await context.store.quarantined(action.id);
      if (!row) return failed(`the signal ${action.id} is no longer kept`);
      if (row.status === 'redriven')
        return { event: { kind: 'finish', ok: true, detail: `the signal ${action.id} was read anew` } };
      if (row.status === 'discarded') return failed(`the signal ${action.id} was discarded`);
      return {
        event: { kind: 'start', until: now + STARTED_FOR_MS },
        after: () => context.redriveSignal(action.id, id),
      };
    }
    case 'promote': {
      const { cluster, promotion } = action;
      const { tenant, requestedBy: by } = approval;
      const { namespace } = promotion;
      const [record] = await context.store.namespaces([{ tenant, cluster, namespace }]);
      const allowed = mayPromote(approval, action, record);
      if (!allowed.ok) return failed(allowed.detail);
      const { to: environment } = allowed.value;
      const news = {
        kind: 'promoted',
        tenant,
        cluster,
        namespace,
        at: now,
        by,
        environment,
        promotion: id,
      } as const;
      return {
        event: { kind: 'finish', ok: true, detail: `${namespace} of ${cluster} is ${environment}` },
        rows: { namespaceNews: [news] },
      };
    }
    case 'exceed_limits': {
      // Nothing of it is ours to change: that it may be is all that whoever asked waits for.
      const detail = `${nameOf(action)} may have ${amountsOf(action.asked)}`;
      return { event: { kind: 'finish', ok: true, detail } };
    }
    case 'start_workflow': {
      const granted = await grantRun(context.store, action.run, approval, context.settings(), now);
      const { rows, delivery, detail } = granted;
      return {
        event: { kind: 'finish', ok: delivery !== undefined, detail },
        ...(rows ? { rows } : {}),
        ...(delivery ? { after: () => context.expectDelivery(delivery.integration, now) } : {}),
      };
    }
    case undefined:
      return { event: { kind: 'finish', ok: true, detail: 'there was nothing to do' } };
  }
}

function failed(detail: string): Carried {
  return { event: { kind: 'finish', ok: false, detail } };
}
