/** What the hub may hold about a key, or undefined when it may know nothing of it. */
export interface KeyState {
  readonly status: 'firing' | 'resolved';
  /** Of the statement that made it so. */
  readonly version: number;
}

export interface Said {
  readonly status: 'firing' | 'resolved';
  readonly version: number;
}

/** All states that a key can be in after what was said of it, and how far acknowledgements reach. */
export interface Knowledge {
  readonly possible: readonly (KeyState | undefined)[];
  /** Newest version that was acknowledged; 0 for none. */
  readonly acknowledged: number;
}

export const NOTHING_SAID: Knowledge = { possible: [undefined], acknowledged: 0 };

/**
 * What an alert is after a statement: a resolve of what is resolved changes nothing, everything else is taken up. Saying the same
 * again changes nothing either, so a repeated send needs no case of its own.
 */
export function apply(state: KeyState | undefined, { status, version }: Said): KeyState {
  return status === 'resolved' && state?.status === 'resolved' ? state : { status, version };
}

/** The statement was acknowledged: it counts, whatever happened before. */
export function acknowledge({ possible }: Knowledge, said: Said): Knowledge {
  return { possible: unique(possible.map((state) => apply(state, said))), acknowledged: said.version };
}

/** Nobody answered: it may count or not. */
export function leaveOpen({ possible, acknowledged }: Knowledge, said: Said): Knowledge {
  return { possible: unique([...possible, ...possible.map((state) => apply(state, said))]), acknowledged };
}

/** `lost`: older than anything that would be right, so something acknowledged is missing. `wrong`: another state that can't be. */
export function compare({ possible }: Knowledge, actual: KeyState | undefined): 'right' | 'lost' | 'wrong' {
  if (possible.some((state) => state?.status === actual?.status && state?.version === actual?.version))
    return 'right';
  const oldest = Math.min(...possible.map((state) => state?.version ?? 0));
  return (actual?.version ?? 0) < oldest ? 'lost' : 'wrong';
}

function unique(states: readonly (KeyState | undefined)[]): (KeyState | undefined)[] {
  return [...new Map(states.map((state) => [`${state?.status} ${state?.version}`, state])).values()];
}
