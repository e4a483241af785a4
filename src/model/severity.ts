import type { Priority } from '@signalbox/sdk';

/**
 * Delivery priority by the severity label. Words are those of Prometheus, syslog (RFC 5424), PagerDuty and Opsgenie. An
 * unknown word counts as `warning`: it is told again when in doubt, but does not overtake what is surely critical.
 */
const PRIORITIES: Readonly<Record<string, Priority>> = {
  critical: 'critical',
  crit: 'critical',
  page: 'critical',
  emergency: 'critical',
  emerg: 'critical',
  alert: 'critical',
  fatal: 'critical',
  disaster: 'critical',
  error: 'critical',
  high: 'critical',
  p1: 'critical',
  sev1: 'critical',
  warning: 'warning',
  info: 'info',
  informational: 'info',
  notice: 'info',
  none: 'info',
  debug: 'info',
  low: 'info',
  p5: 'info',
};

const RANK: Readonly<Record<Priority, number>> = { critical: 0, warning: 1, info: 2 };

export function priorityOf(severity: string): Priority {
  return PRIORITIES[severity.toLowerCase()] ?? 'warning';
}

/** The more urgent of two priorities. */
export function urgent(left: Priority, right: Priority): Priority {
  return RANK[left] <= RANK[right] ? left : right;
}
