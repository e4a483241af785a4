/** Writes milliseconds as RFC 3339 and remembers the last one: under load many requests share a millisecond. */
export function createIsoTime(): (at: number) => string {
  let lastAt = Number.NaN;
  let lastText = '';
  return (at) => {
    if (at !== lastAt) {
      lastText = new Date(at).toISOString();
      lastAt = at;
    }
    return lastText;
  };
}
