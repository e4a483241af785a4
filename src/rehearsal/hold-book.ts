import { FAILED } from '../model/prepared.ts';
import type { Commit } from '../store/port.ts';

/** Why groups told nobody, and where alerts went. */
export interface HoldBook {
  note(batch: Commit, now: number): void;
  /** Why the candidate does not tell a receiver of an alert, as far as it is known. */
  why(alert: {
    readonly tenant: string;
    readonly fingerprint: string;
    readonly receiver: string;
  }): string | undefined;
}

/** Memory must stay bounded however long the range is. */
const MAX_ALERTS = 100_000;
const MAX_GROUPS = 100_000;

export function createHoldBook(receiverOf: (routeKey: string) => string | undefined): HoldBook {
  const groups = new Map<string, string>();
  const alerts = new Map<string, readonly { readonly groupId: string; readonly receiver: string }[]>();
  const keyOf = ({ tenant, fingerprint }: { tenant: string; fingerprint: string }) =>
    `${tenant}\0${fingerprint}`;
  return {
    note(batch, now) {
      for (const { id, decisions } of batch.groups ?? []) {
        const hold = decisions.findLast(({ stage, at }) => stage === 'suppress' && at === now);
        if (hold && groups.size < MAX_GROUPS) groups.set(id, `${hold.outcome} by ${hold.rule}`);
      }
      for (const alert of batch.alerts ?? []) {
        if (alerts.size >= MAX_ALERTS) break;
        const routes = alert.decisions
          .filter(({ stage, outcome }) => stage === 'route' && !outcome.startsWith(FAILED))
          .map(({ rule, outcome }) => ({ groupId: outcome, receiver: receiverOf(rule) ?? 'nobody' }));
        if (routes.length > 0) alerts.set(keyOf(alert), routes);
      }
    },
    why({ receiver, ...alert }) {
      const routes = alerts.get(keyOf(alert));
      if (!routes) return undefined;
      const own = routes.filter((route) => route.receiver === receiver);
      if (own.length === 0)
        return `goes to ${[...new Set(routes.map((route) => route.receiver))].join(', ')}`;
      const held = own.map(({ groupId }) => groups.get(groupId)).find((reason) => reason !== undefined);
      return held === undefined ? undefined : `held: ${held}`;
    },
  };
}
