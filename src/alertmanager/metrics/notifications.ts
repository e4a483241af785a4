import { family, type Family, type Sample } from './families.ts';

/** What of the hub's own numbers is read for them. */
export const NOTIFICATION_SOURCES = [
  'signalbox_notifications_total',
  'signalbox_notifications_failed_total',
  'signalbox_delivery_attempts_total',
  'signalbox_delivery_attempt_seconds_bucket',
  'signalbox_delivery_attempt_seconds_sum',
  'signalbox_delivery_attempt_seconds_count',
] as const;

const SOURCES = new Set<string>(NOTIFICATION_SOURCES);

/** Kinds that Alertmanager 0.34 names from the start; dashboards make their panels of them. */
const KINDS = [
  'email',
  'pagerduty',
  'wechat',
  'pushover',
  'slack',
  'opsgenie',
  'webhook',
  'victorops',
  'sns',
  'telegram',
  'discord',
  'webex',
  'msteams',
  'msteamsv2',
  'incidentio',
  'jira',
  'rocketchat',
  'mattermost',
];
const REASONS = [
  'other',
  'clientError',
  'serverError',
  'contextCanceled',
  'contextDeadlineExceeded',
  'authError',
  'rateLimited',
];
const BUCKETS = ['1', '5', '10', '15', '20', '+Inf'];

/** Alertmanager tells a time-out from other trouble at the server; here both are `serverError`. */
const REASON_OF: Readonly<Record<string, string>> = {
  SB_REJECTED: 'clientError',
  SB_AUTH: 'authError',
  SB_RATE_LIMITED: 'rateLimited',
  SB_UNAVAILABLE: 'serverError',
};

/**
 * Alertmanager's numbers of notifications, of those of the hub.
 *
 * @param kindOf what kind of receiver an integration is, such as `slack`.
 */
export function notificationFamilies(
  samples: readonly Sample[],
  kindOf: (integration: string) => string,
): readonly Family[] {
  const kinds = new Set(KINDS);
  const sums = new Map<string, number>();
  const keyOf = (...parts: readonly string[]): string => parts.join('\n');
  const add = (key: string, value: number): void => void sums.set(key, (sums.get(key) ?? 0) + value);
  for (const { name, labels, value } of samples) {
    if (!SOURCES.has(name)) continue;
    const { integration = '', outcome = '', fault = '', le = '' } = labels;
    const kind = kindOf(integration);
    kinds.add(kind);
    switch (name) {
      case 'signalbox_notifications_failed_total':
        add(keyOf(name, kind, REASON_OF[fault] ?? 'other'), value);
        break;
      case 'signalbox_delivery_attempts_total':
        add(keyOf(name, kind), value);
        if (outcome === 'failed') add(keyOf(name, kind, outcome), value);
        break;
      default:
        add(keyOf(name, kind, le), value);
    }
  }
  const of = (...parts: readonly string[]): number => sums.get(keyOf(...parts)) ?? 0;
  const perKind = (value: (kind: string) => number) =>
    [...kinds].map((integration) => [{ integration }, value(integration)] as const);
  const seconds = 'signalbox_delivery_attempt_seconds';
  const latency = 'alertmanager_notification_latency_seconds';
  return [
    family(
      'notifications_total',
      'counter',
      'Messages that arrived or failed.',
      perKind((kind) => of('signalbox_notifications_total', kind, '')),
    ),
    family(
      'notifications_failed_total',
      'counter',
      'Messages that failed.',
      [...kinds].flatMap((integration) =>
        REASONS.map(
          (reason) =>
            [
              { integration, reason },
              of('signalbox_notifications_failed_total', integration, reason),
            ] as const,
        ),
      ),
    ),
    family(
      'notification_requests_total',
      'counter',
      'Tries to send a message.',
      perKind((kind) => of('signalbox_delivery_attempts_total', kind)),
    ),
    family(
      'notification_requests_failed_total',
      'counter',
      'Tries that failed.',
      perKind((kind) => of('signalbox_delivery_attempts_total', kind, 'failed')),
    ),
    {
      name: latency,
      type: 'histogram',
      help: 'How long tries took.',
      samples: [...kinds].flatMap((integration) => [
        ...BUCKETS.map((le) => ({
          name: `${latency}_bucket`,
          labels: { integration, le },
          value: of(`${seconds}_bucket`, integration, le),
        })),
        { name: `${latency}_sum`, labels: { integration }, value: of(`${seconds}_sum`, integration, '') },
        { name: `${latency}_count`, labels: { integration }, value: of(`${seconds}_count`, integration, '') },
      ]),
    },
  ];
}
