import { secret, TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';
import { goTemplates } from './go-templates.ts';

export const config = Type.Object(
  {
    webhook_url: Type.Optional(
      secret({
        description:
          'URL of an incoming webhook. Its channel is fixed at Slack, and each notification is a new message. Give this, or `token` and `channel`.',
        pattern: '^https?://',
        examples: ['${env:SLACK_WEBHOOK_URL}'],
      }),
    ),
    token: Type.Optional(
      secret({
        description:
          'Bot token of a Slack app with the scope `chat:write`. With it, one message shows a group and changes with it.',
        pattern: '^[\\x21-\\x7e]+$',
        examples: ['${env:SLACK_TOKEN}'],
      }),
    ),
    channel: Type.Optional(
      Type.String({
        description:
          'Channel id or name for `token`. The id survives a renaming. Invite the app to the channel.',
        minLength: 1,
        maxLength: 100,
        examples: ['C0123456789', '#alerts'],
      }),
    ),
    mode: Type.Enum(['update', 'thread', 'new'], {
      description:
        'What a change of a group does, with `token`: `update` rewrites its message, `thread` replies to it, `new` posts another one. Slack alerts people of replies and new messages, not of rewritten ones.',
      default: 'update',
      examples: ['thread'],
    }),
    mention: Type.Array(Type.String({ pattern: '^(here|channel|everyone|[UWS][A-Z0-9]{2,20})$' }), {
      description:
        'Whom a critical notification that fires mentions: `here`, `channel`, or ids of users (`U…`) and user groups (`S…`).',
      default: [],
      maxItems: 20,
      examples: [['here'], ['S0123ABCD']],
    }),
    max_alerts: Type.Integer({
      description:
        'Most alerts shown in one message; the rest is counted. Slack takes at most 50 blocks in one message.',
      default: 10,
      minimum: 1,
      maximum: 40,
      examples: [5],
    }),
    template: Type.Optional(
      Type.String({
        description:
          'The text under the title in place of the alerts, in Liquid and Slack’s mrkdwn. Values are escaped, so that no label can mention anybody.',
        contentMediaType: TEMPLATE_MEDIA_TYPE,
        maxLength: 65_536,
        examples: ['{% for alert in firing %}• {{ alert.annotations.summary }}\n{% endfor %}'],
      }),
    ),
    go_templates: goTemplates,
    api_url: Type.String({
      description: 'Where Slack’s Web API is; another one for GovSlack or for tests.',
      default: 'https://slack.com/api',
      pattern: '^https?://',
      examples: ['https://slack-gov.com/api'],
    }),
  },
  { additionalProperties: false },
);

export type SlackConfig = Static<typeof config>;
