import { secret, TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';
import { goTemplates } from './go-templates.ts';

export const config = Type.Object(
  {
    routing_key: secret({
      description:
        'The integration key of an Events API v2 integration of a service, or of an event orchestration.',
      pattern: '^[A-Za-z0-9+/=_-]{1,128}$',
      examples: ['${env:PAGERDUTY_ROUTING_KEY}'],
    }),
    url: Type.String({
      description:
        'The address of the Events API; of the service region EU `https://events.eu.pagerduty.com/v2/enqueue`.',
      pattern: '^https?://',
      maxLength: 2_000,
      default: 'https://events.pagerduty.com/v2/enqueue',
      examples: ['https://events.eu.pagerduty.com/v2/enqueue'],
    }),
    severity: Type.Enum(['critical', 'error', 'warning', 'info'], {
      description: 'The severity of alerts whose label `severity` says none that is known.',
      default: 'error',
      examples: ['warning'],
    }),
    summary: Type.Optional(
      Type.String({
        description: 'The title of the alert, in Liquid; at most 1,024 characters of it are sent.',
        contentMediaType: TEMPLATE_MEDIA_TYPE,
        maxLength: 65_536,
        examples: ['{{ commonLabels.alertname }} in {{ commonLabels.cluster }}'],
      }),
    ),
    max_alerts: Type.Integer({
      description: 'Most alerts in the details of one event; the rest is counted.',
      minimum: 1,
      maximum: 500,
      default: 50,
      examples: [10],
    }),
    go_templates: goTemplates,
  },
  { additionalProperties: false },
);

export type PagerdutyConfig = Static<typeof config>;
