import type { NotifiedAlert, Notification } from '../notification.ts';

/**
 * Two alerts that fire, of which as much is said as can be, all of it made of one character: a message must keep its channel's limits and still
 * tell what matters, also where each character becomes several when it is escaped.
 *
 * @param mark One character, awkward to escape for the channel, such as `*` or `&`.
 * @param like Where all the rest is from.
 * @example
 * assert.ok(Buffer.byteLength(bodyOf(longestNotification('*', firing))) <= MESSAGE_BYTES);
 */
export function longestNotification(mark: string, like: Notification): Notification {
  const long = mark.repeat(3_000);
  const address = (name: string): string => `https://example.org/${name.repeat(1_900)}`;
  const labels = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`l${index}`, long]));
  const alert: NotifiedAlert = {
    ...like.alerts[0]!,
    labels: { alertname: long, severity: long, instance: long, ...labels },
    annotations: {
      summary: long,
      description: long,
      runbook_url: address('r'),
      dashboard_url: address('d'),
      panel_url: address('p'),
    },
    generatorURL: address('g'),
    facts: { environment: long, businessUnit: long, criticality: long, slo: long, compliance: long },
    context: Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, { reason: long }])),
  };
  return {
    ...like,
    alerts: [alert, alert],
    receiver: long,
    generation: 7,
    reason: 'new_alerts',
    late: true,
    externalURL: address('h'),
    assessment: {
      level: mark,
      title: long,
      rule: long,
      definedAt: '',
      acknowledgeBy: like.createdAt,
      lead: long,
      runbookUrl: address('s'),
      steps: [long, long, long, long, long],
    },
  };
}
