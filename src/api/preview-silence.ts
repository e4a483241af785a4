import type { Matcher } from '../model/matcher.ts';
import { matches } from '../model/matcher.ts';
import type { Alert } from '../model/alert.ts';
import type { StoreReader } from '../store/reader.ts';
import type { SilencePreview } from './views/present-silence.ts';

const PAGE = 500;
/** More firing alerts than this are not counted; by then nobody doubts that the silence is broad. */
const MAX_LOOKED_AT = 20_000;
const SAMPLE = 10;
/** A silence over most of what fires is a mistake more often than not, unless little fires. */
const MOST = 0.5;
const FEW = 10;

/** What a silence would hold at this moment, and whether a person should look twice (blast radius). */
export async function previewSilence(
  reader: Pick<StoreReader, 'alerts'>,
  tenant: string,
  matchers: readonly Matcher[],
  confirmAbove: number,
): Promise<SilencePreview> {
  const counts = new Map<Alert['priority'], number>();
  const sample: SilencePreview['sample'] = [];
  let [matching, firing] = [0, 0];
  let cursor: string | undefined;
  do {
    const page = await reader.alerts({
      tenant,
      status: 'firing',
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const alert of page.items) {
      firing++;
      if (!matches(matchers, alert.labels)) continue;
      matching++;
      counts.set(alert.priority, (counts.get(alert.priority) ?? 0) + 1);
      if (sample.length < SAMPLE) sample.push({ fingerprint: alert.fingerprint, labels: alert.labels });
    }
    cursor = page.next;
  } while (cursor !== undefined && firing < MAX_LOOKED_AT);
  const warning = warningOf(matching, firing, confirmAbove);
  return {
    matching,
    firing,
    is_complete: cursor === undefined,
    by_priority: [...counts].map(([priority, count]) => ({ priority, count })),
    sample,
    ...(warning === undefined ? {} : { warning }),
  };
}

function warningOf(matching: number, firing: number, confirmAbove: number): string | undefined {
  if (matching > confirmAbove)
    return `it would hold ${matching} firing alerts, more than silences.confirm_above (${confirmAbove})`;
  if (matching > FEW && matching > firing * MOST)
    return `it would hold ${matching} of the ${firing} alerts that fire`;
  return undefined;
}
