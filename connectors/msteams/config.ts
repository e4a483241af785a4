import { secret, TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';
import { goTemplates } from './go-templates.ts';

export const config = Type.Object(
  {
    webhook_url: secret({
      description: 'URL that the workflow shows for “When a Teams webhook request is received”.',
      pattern: '^https?://',
      maxLength: 4_000,
      examples: ['${env:TEAMS_WEBHOOK_URL}'],
    }),
    format: Type.Enum(['adaptive_card', 'message_card'], {
      description:
        '`adaptive_card` is for workflows; `message_card` for what stands in for the connectors of Office 365, which Microsoft has retired.',
      default: 'adaptive_card',
      examples: ['message_card'],
    }),
    max_alerts: Type.Integer({
      description: 'Most alerts shown in one card; the rest is counted.',
      default: 10,
      minimum: 1,
      maximum: 50,
      examples: [5],
    }),
    template: Type.Optional(
      Type.String({
        description:
          'The text under the title in place of the alerts, in Liquid and the Markdown of cards. Values are escaped.',
        contentMediaType: TEMPLATE_MEDIA_TYPE,
        maxLength: 65_536,
        examples: ['{% for alert in firing %}- {{ alert.annotations.summary }}\n{% endfor %}'],
      }),
    ),
    go_templates: goTemplates,
  },
  { additionalProperties: false },
);

export type TeamsConfig = Static<typeof config>;
