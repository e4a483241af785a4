import type { Alert } from '../model/alert.ts';
import type { Subject } from './subject.ts';

/** All of an alert that conditions look at. */
export type Viewed = Pick<
  Alert,
  | 'labels'
  | 'annotations'
  | 'severity'
  | 'priority'
  | 'status'
  | 'tenant'
  | 'fingerprint'
  | 'details'
  | 'startsAt'
  | 'facts'
  | 'integration'
>;

/** What conditions see of an alert that is known. */
export function subjectOfAlert(alert: Viewed, now: number): Subject {
  const { labels, annotations, severity, priority, status, tenant, fingerprint, details = {} } = alert;
  const startsAt = new Date(alert.startsAt);
  const facts = { isProduction: false, findings: [], compliance: [], ...alert.facts };
  return {
    alert: { labels, annotations, severity, priority, status, startsAt, tenant, fingerprint, details },
    facts,
    integration: alert.integration,
    now: new Date(now),
  };
}
