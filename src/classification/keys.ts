/** The names under which rules know a key: whole, and without the prefix that Kubernetes allows (`example.org/environment`). */
export function keysOf(key: string): readonly string[] {
  const lower = key.toLowerCase();
  const slash = lower.lastIndexOf('/');
  return slash < 0 ? [lower] : [lower, lower.slice(slash + 1)];
}
