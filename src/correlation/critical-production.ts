import type { Alert } from '../model/alert.ts';

/**
 * What the hub must not hold by itself. An alert of which nothing is known about its environment counts as production, as everywhere, so a hub
 * that classifies nothing holds nothing that is critical.
 */
export function isCriticalProduction({ priority, facts }: Pick<Alert, 'priority' | 'facts'>): boolean {
  return priority === 'critical' && (facts?.environment ?? 'production') === 'production';
}
