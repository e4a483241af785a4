import type { Services } from '../../api/services.ts';
import { silenceState, type Silence } from '../../model/silence.ts';
import { family, type Family } from './families.ts';

type CountServices = Pick<Services, 'reader' | 'settings' | 'suppressions' | 'now'>;

const TENANT = 'default';
const PAGE = 500;
/** What holds each alert is asked anew for every count. With very many of them counting must not become what the thread does. */
const MAX_SHARE = 0.05;

/**
 * Counts alerts and silences by their state as they are now, or as they were a moment ago where counting takes long.
 *
 * @param elapsed milliseconds of a clock that nobody sets.
 */
export function createStateCounts(
  services: CountServices,
  elapsed: () => number,
): () => Promise<readonly Family[]> {
  let last: { readonly families: Promise<readonly Family[]>; until: number } | undefined;
  async function count(): Promise<readonly Family[]> {
    return [...(await countAlerts(services)), ...(await countSilences(services))];
  }
  return () => {
    const startedAt = elapsed();
    if (last !== undefined && startedAt < last.until) return last.families;
    const counting = { families: count(), until: Infinity };
    last = counting;
    const done = (): void => void (counting.until = elapsed() + (elapsed() - startedAt) / MAX_SHARE);
    counting.families.then(done, () => (last = undefined));
    return counting.families;
  };
}

async function countAlerts({ reader, suppressions }: CountServices): Promise<readonly Family[]> {
  let [active, suppressed] = [0, 0];
  let cursor: string | undefined;
  do {
    const page = await reader.alerts({
      tenant: TENANT,
      status: 'firing',
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const reasonsOf = await suppressions(page.items);
    for (const alert of page.items) {
      if (reasonsOf(alert).length > 0) suppressed++;
      else active++;
    }
    cursor = page.next;
  } while (cursor !== undefined);
  // What is acknowledged is processed when it is asked for.
  const states = { active, suppressed, unprocessed: 0 };
  const samples = Object.entries(states).map(([state, value]) => [{ state }, value] as const);
  return [family('alerts', 'gauge', 'Firing alerts by state.', samples)];
}

async function countSilences({ reader, settings, now }: CountServices): Promise<readonly Family[]> {
  const states = { active: 0, expired: 0, pending: 0 };
  const count = (silences: readonly Silence[]): void => {
    for (const silence of silences) states[silenceState(silence, now())]++;
  };
  count(settings().maintenanceWindows);
  let cursor: string | undefined;
  do {
    const page = await reader.silences({
      tenant: TENANT,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    count(page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  const samples = Object.entries(states).map(([state, value]) => [{ state }, value] as const);
  return [family('silences', 'gauge', 'Silences and maintenance windows by state.', samples)];
}
