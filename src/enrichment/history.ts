import type { Alert, Episode } from '../model/alert.ts';
import { episodeOf } from '../model/episode.ts';
import type { RouteSettings } from '../model/settings.ts';
import { routeAlert } from '../pipeline/route-alert.ts';
import type { Store } from '../store/port.ts';
import type { LookUp } from './look-up.ts';
import { historyKey } from './question.ts';

const PREVIOUS = 5;
const TOLD = 10;

/**
 * What happened to the same alert before (BR-AP-012, BR-AP-018): how often it fired, its newest episodes, and who was told of them. Asks the
 * store only about an alert that fired before.
 */
export function createHistory(store: Pick<Store, 'deliveriesAbout'>, route: RouteSettings): LookUp {
  return {
    cacheKey({ before }) {
      if (!before || episodesBefore(before).length === 0) return undefined;
      return `${before.tenant}/${before.fingerprint}/${before.episode}/${before.status}`;
    },
    recordKey: historyKey,
    async enrich({ before }) {
      if (!before) return {};
      const groups = routeAlert(before, route).map(({ groupId }) => groupId);
      const deliveries = await store.deliveriesAbout(before.fingerprint, groups, TOLD);
      const episodes = episodesBefore(before);
      return {
        episodes: before.status === 'resolved' ? before.episode : before.episode - 1,
        previous: episodes.toReversed().slice(0, PREVIOUS).map(present),
        told: deliveries.map(({ settledAt, receiver, integration }) => ({
          at: rfc3339(settledAt ?? 0),
          receiver,
          integration,
        })),
      };
    },
  };
}

/** Oldest first. A firing alert's own episode has not ended. */
function episodesBefore(alert: Alert): readonly Episode[] {
  const past = alert.past ?? [];
  return alert.status === 'resolved' ? [...past, episodeOf(alert)] : past;
}

function present({ startsAt, endsAt, occurrences, severity }: Episode): object {
  return {
    startsAt: rfc3339(startsAt),
    endsAt: rfc3339(endsAt),
    seconds: Math.round((endsAt - startsAt) / 1_000),
    occurrences,
    severity,
  };
}

function rfc3339(at: number): string {
  return new Date(at).toISOString();
}
