import { secret, TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';
import { goTemplates } from './go-templates.ts';

export const config = Type.Object(
  {
    webhook_url: secret({
      description: 'URL of a webhook of the channel.',
      pattern: '^https?://',
      maxLength: 2_000,
      examples: ['${env:DISCORD_WEBHOOK_URL}'],
    }),
    thread_id: Type.Optional(
      Type.String({
        description: 'Id of a thread of the channel; a forum needs one.',
        pattern: '^[0-9]{5,20}$',
        examples: ['1211223344556677889'],
      }),
    ),
    username: Type.Optional(
      Type.String({
        description: 'Name that shows as the sender, in place of the webhook’s own.',
        minLength: 1,
        maxLength: 80,
        examples: ['Signalbox'],
      }),
    ),
    avatar_url: Type.Optional(
      Type.String({
        description: 'Picture of the sender, in place of the webhook’s own.',
        pattern: '^https?://',
        maxLength: 2_000,
        examples: ['https://example.org/bell.png'],
      }),
    ),
    mention: Type.Array(Type.String({ pattern: '^(?:here|everyone|&?[0-9]{5,20})$' }), {
      description:
        'Whom a critical notification that fires mentions: `here`, `everyone`, ids of users, and ids of roles with `&` before.',
      default: [],
      maxItems: 20,
      examples: [['here'], ['&1211223344556677889']],
    }),
    max_alerts: Type.Integer({
      description: 'Most alerts shown in one message; the rest is counted.',
      default: 10,
      minimum: 1,
      maximum: 50,
      examples: [5],
    }),
    template: Type.Optional(
      Type.String({
        description:
          'The text under the title in place of the alerts, in Liquid and Discord’s Markdown. Values are escaped.',
        contentMediaType: TEMPLATE_MEDIA_TYPE,
        maxLength: 65_536,
        examples: ['{% for alert in firing %}• {{ alert.annotations.summary }}\n{% endfor %}'],
      }),
    ),
    go_templates: goTemplates,
  },
  { additionalProperties: false },
);

export type DiscordConfig = Static<typeof config>;
