import { createMatcherIndex, type MatcherIndex } from '../model/matcher-index.ts';
import type { Labels, Matcher } from '../model/matcher.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { compileMatchers, type Silence } from '../model/silence.ts';

/** Silences and windows as they stand, ready to be asked for many alerts. */
export interface OpenSilences {
  /** Those that hold an alert with these labels at `now`, with the time at which each lets go. */
  find(alert: Silenceable, now: number): readonly Held[];
  /** All that have not ended, with those of the configuration. */
  readonly all: readonly Silence[];
  /** When one of them lets go or takes hold next is not asked here: whoever holds something looks again at its next tick. */
  activeUntil(silence: Silence, now: number): number | undefined;
}

export interface Silenceable {
  readonly tenant: string;
  readonly labels: Labels;
  readonly integration?: string;
}

export interface Held {
  readonly silence: Silence;
  readonly until: number;
}

/** What the book reads; the store and its reader both have it. */
export interface SilenceSource {
  silences(now: number): Promise<readonly Silence[]>;
  silenceMark(): Promise<number>;
}

/** Keeps the open silences at hand and reads them anew only when somebody has changed one. */
export interface SilenceBook {
  open(configured: readonly Silence[], now: number): Promise<OpenSilences>;
}

interface Entry {
  readonly silence: Silence;
  readonly matchers: readonly Matcher[];
}

type ActiveUntil = OpenSilences['activeUntil'];

export function createSilenceBook(source: SilenceSource): SilenceBook {
  let known: { mark: number; configured: readonly Silence[]; open: OpenSilences } | undefined;
  let compiled: Compiled = new Map();
  return {
    async open(configured, now) {
      const mark = await source.silenceMark();
      if (known?.mark === mark && known.configured === configured) return known.open;
      const before = compiled;
      compiled = new Map();
      const all = [...configured, ...(await source.silences(now))];
      const open = await compileSilences(all, (matchers) => compileOnce(matchers, before, compiled));
      known = { mark, configured, open };
      return open;
    },
  };
}

/** Regular expressions of thousands of silences take seconds to compile, and most stay as they are when one changes. */
type Compiled = Map<string, readonly Matcher[]>;

function compileOnce(plain: Silence['matchers'], before: Compiled, after: Compiled): readonly Matcher[] {
  const key = JSON.stringify(plain);
  const matchers = after.get(key) ?? before.get(key) ?? compileMatchers(plain);
  after.set(key, matchers);
  return matchers;
}

export async function compileSilences(
  all: readonly Silence[],
  compile: (plain: Silence['matchers']) => readonly Matcher[] = compileMatchers,
): Promise<OpenSilences> {
  const activeUntil = await readClock(all);
  const byTenant = new Map<string, MatcherIndex<Entry>>();
  const entries = all.map((silence): Entry => ({ silence, matchers: compile(silence.matchers) }));
  for (const [tenant, own] of Map.groupBy(entries, ({ silence }) => silence.tenant))
    byTenant.set(
      tenant,
      createMatcherIndex(own, ({ matchers }) => matchers),
    );
  return {
    all,
    activeUntil,
    find({ tenant, labels, integration }, now) {
      const index = byTenant.get(tenant);
      if (!index) return [];
      return index.find(labels).flatMap(({ silence }): Held[] => {
        // The announcement of a window is not held by the window.
        if (silence.kind === 'maintenance' && integration === OWN_INTEGRATION) return [];
        const until = activeUntil(silence, now);
        return until === undefined ? [] : [{ silence, until }];
      });
    },
  };
}

/** The packages behind recurrence rules are large and loaded only where somebody uses one. */
async function readClock(all: readonly Silence[]): Promise<ActiveUntil> {
  if (!all.some(({ recurrence }) => recurrence)) return untilItsEnd;
  const { activeUntil } = await import('../calendar/window.ts');
  const windows = new Map(
    all.flatMap(({ id, startsAt, recurrence }) => (recurrence ? [[id, { startsAt, ...recurrence }]] : [])),
  );
  return (silence, now) => {
    const window = windows.get(silence.id);
    if (!window) return untilItsEnd(silence, now);
    if (now >= silence.endsAt) return undefined;
    const until = activeUntil(window, now);
    return until === undefined ? undefined : Math.min(until, silence.endsAt);
  };
}

function untilItsEnd({ startsAt, endsAt }: Silence, now: number): number | undefined {
  return now >= startsAt && now < endsAt ? endsAt : undefined;
}
