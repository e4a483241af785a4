/** The API speaks RFC 3339 in UTC; the model counts milliseconds since the epoch. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString();
}

const LATEST = 8.64e15;

/** Nothing for times that stand for "never": absent, zero, or beyond what a date can say (a timer at infinity). */
export function rfc3339OrNothing(at: number | undefined): string | undefined {
  return at === undefined || at <= 0 || at > LATEST ? undefined : rfc3339(at);
}
