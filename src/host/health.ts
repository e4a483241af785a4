import type { IntegrationHealth, Outcome } from './integration.ts';

export function createHealth(nowMs: number): IntegrationHealth {
  return { status: 'unknown', since: nowMs, successes: 0, failures: 0 };
}

/**
 * Keeps the health of an integration after a call. A rejected payload says nothing about the integration, except that it has not
 * worked yet; every other fault decides the status by what a person has to do next.
 */
export function recordOutcome(health: IntegrationHealth, outcome: Outcome, nowMs: number): void {
  const status = statusAfter(health.status, outcome);
  if (status !== health.status) {
    health.status = status;
    health.since = nowMs;
  }
  if (outcome.kind === 'success') {
    health.successes += 1;
    return;
  }
  health.failures += 1;
  health.lastFault = { code: outcome.code, message: outcome.message, at: nowMs };
}

function statusAfter(current: IntegrationHealth['status'], outcome: Outcome): IntegrationHealth['status'] {
  if (outcome.kind === 'success') return 'healthy';
  switch (outcome.code) {
    case 'SB_CONFIG':
      return 'misconfigured';
    case 'SB_AUTH':
      return 'refused';
    case 'SB_REJECTED':
      return current === 'unknown' ? 'degraded' : current;
    default:
      return 'degraded';
  }
}
