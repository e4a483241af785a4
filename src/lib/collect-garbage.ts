/**
 * Collects once what starting has left behind (parsed sources, compiled schemas' intermediate forms) and gives the pages back. V8 by
 * itself would keep both for as long as there is room. Does nothing where the launcher's flag is missing.
 */
export function collectGarbage(): void {
  const { gc } = globalThis as { gc?: (options: { type: 'major'; flavor: 'last-resort' }) => void };
  gc?.({ type: 'major', flavor: 'last-resort' });
}
