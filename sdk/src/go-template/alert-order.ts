import type { NotifiedAlert } from '../notification.ts';

type Labels = NotifiedAlert['labels'];

/** These labels go before all others. */
const FIRST = ['job', 'instance'];

/**
 * The alerts of a notification in Alertmanager's order, which its receivers and templates rely on: by job, by instance, then by the whole
 * set of labels, the smaller set first. Whether an alert fires makes no difference.
 */
export function inAlertmanagerOrder<T extends Pick<NotifiedAlert, 'labels'>>(
  alerts: readonly T[],
): readonly T[] {
  return [...alerts].sort((left, right) => compareAlerts(left.labels, right.labels));
}

function compareAlerts(left: Labels, right: Labels): number {
  for (const name of FIRST) {
    const order = compareLabel(left, right, name);
    if (order !== 0) return order;
  }
  const [names, others] = [Object.keys(left), Object.keys(right)];
  if (names.length !== others.length) return names.length - others.length;
  for (const name of [...new Set([...names, ...others])].sort()) {
    const order = compareLabel(left, right, name);
    if (order !== 0) return order;
  }
  return 0;
}

/** Who has the label goes before who does not. */
function compareLabel(left: Labels, right: Labels, name: string): number {
  const [mine, other] = [left[name], right[name]];
  if (mine === other) return 0;
  if (mine === undefined || other === undefined) return mine === undefined ? 1 : -1;
  return mine < other ? -1 : 1;
}
