import type { BackTest } from './back-test.ts';
import type { Heard } from './compare-outcomes.ts';

/** A back-test as JSON: the words of the API, times in RFC 3339. */
export function presentBackTest(found: BackTest) {
  const {
    from,
    to,
    until,
    records,
    warmUpRecords,
    same,
    counts,
    receivers,
    differences,
    isCut,
    enriched,
    unknown,
  } = found;
  return {
    from: rfc3339(from),
    to: rfc3339(to),
    until: rfc3339(until),
    records,
    warm_up_records: warmUpRecords,
    same,
    counts: { ...counts },
    receivers: receivers.map((receiver) => ({ ...receiver })),
    differences: differences.map(({ real, candidate, ...difference }) => ({
      ...difference,
      real: heard(real),
      candidate: heard(candidate),
    })),
    is_cut: isCut,
    enriched: { ...enriched },
    unknown: unknown.map((one) => ({ ...one })),
  };
}
export type BackTestView = ReturnType<typeof presentBackTest>;

function heard({ firing, resolved, firstAt }: Heard) {
  return { firing, resolved, ...(firstAt === undefined ? {} : { first_at: rfc3339(firstAt) }) };
}

function rfc3339(at: number): string {
  return new Date(at).toISOString();
}
