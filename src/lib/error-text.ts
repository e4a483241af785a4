/** What the log says of something thrown: with its stack, because only unexpected things come here. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
