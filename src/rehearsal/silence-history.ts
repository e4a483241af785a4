import type { Silence, SilenceVersion } from '../model/silence.ts';
import type { StoreReader } from '../store/reader.ts';

/** Silences and windows as they were while a range was recorded. */
export interface SilenceHistory {
  /** As they stood when the range began. */
  readonly atStart: readonly Silence[];
  /** What became of them, and what came, in the order of time. */
  readonly changes: readonly SilenceChange[];
  /** Set when there are more than are read. */
  readonly isCut: boolean;
}

export interface SilenceChange {
  readonly at: number;
  /** As it is from then on. */
  readonly silence: Silence;
}

const PAGE = 500;
const MAX_VERSIONS = 20_000;

/**
 * What people said counts as it was known at each time. Windows of the configuration are the candidate's to say, but for those that it does
 * not name and that were over, or had been taken away, when the range ended: those held then, and no candidate can change that.
 */
export async function readSilenceHistory(
  reader: Pick<StoreReader, 'silenceVersions'>,
  range: { readonly from: number; readonly to: number },
  candidate: readonly Pick<Silence, 'id'>[],
): Promise<SilenceHistory> {
  const versions: SilenceVersion[] = [];
  let isCut = false;
  for (let after = 0; ; after = versions.at(-1)!.seq) {
    const page = await reader.silenceVersions({ ...range, after, limit: PAGE });
    versions.push(...page);
    isCut = page.length === PAGE && versions.length >= MAX_VERSIONS;
    if (page.length < PAGE || isCut) break;
  }
  return { ...unfold(versions, range, candidate), isCut };
}

/** Pure. */
export function unfold(
  versions: readonly SilenceVersion[],
  { from, to }: { readonly from: number; readonly to: number },
  candidate: readonly Pick<Silence, 'id'>[],
): Omit<SilenceHistory, 'isCut'> {
  const named = new Set(candidate.map(({ id }) => id));
  const changes = versions
    .filter(({ isConfigured, silence, until }) => !isConfigured || (!named.has(silence.id) && until <= to))
    .flatMap(changesOf)
    // The sort is stable: at one time the order of the history stays.
    .toSorted((left, right) => left.at - right.at);
  const atStart = new Map<string, Silence>();
  for (const { at, silence } of changes) if (at <= from) atStart.set(silence.id, silence);
  return {
    atStart: [...atStart.values()].filter(({ endsAt }) => endsAt > from),
    changes: changes.filter(({ at }) => at > from && at < to),
  };
}

/** A window that is taken out of the configuration has no later version that would end it. */
function changesOf({ isConfigured, silence, at, until }: SilenceVersion): readonly SilenceChange[] {
  const begun = { at, silence };
  return isConfigured && until < silence.endsAt
    ? [begun, { at: until, silence: { ...silence, endsAt: until } }]
    : [begun];
}
