import { secret, TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';
import { goTemplates } from './go-templates.ts';

export const config = Type.Object(
  {
    bot_token: secret({
      description: 'Token of the bot, as @BotFather gave it.',
      pattern: '^[A-Za-z0-9:_-]{1,128}$',
      examples: ['${env:TELEGRAM_BOT_TOKEN}'],
    }),
    chat_id: Type.String({
      description:
        'Id of the chat, which is negative for groups and channels, or the name of a public channel (`@name`). Put the bot into the chat.',
      pattern: '^\\s*(?:-?[0-9]{1,20}|@[A-Za-z0-9_]{4,32})\\s*$',
      examples: ['-1001234567890', '@our_alerts'],
    }),
    message_thread_id: Type.Optional(
      Type.Integer({
        description: 'Id of the topic, in a group that has topics.',
        minimum: 1,
        examples: [42],
      }),
    ),
    disable_notifications: Type.Boolean({
      description: 'Sends without a sound.',
      default: false,
      examples: [true],
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
          'The text under the title in place of the alerts, in Liquid and Telegram’s HTML (`<b>`, `<i>`, `<a href>`, `<code>`, `<pre>`). Values are escaped.',
        contentMediaType: TEMPLATE_MEDIA_TYPE,
        maxLength: 65_536,
        examples: ['{% for alert in firing %}• {{ alert.annotations.summary }}\n{% endfor %}'],
      }),
    ),
    go_templates: goTemplates,
    api_url: Type.String({
      description: 'Where the Bot API is; another one for a Bot API server of your own.',
      default: 'https://api.telegram.org',
      pattern: '^https?://',
      maxLength: 2_000,
      examples: ['http://telegram-bot-api.internal:8081'],
    }),
  },
  { additionalProperties: false },
);

export type TelegramConfig = Static<typeof config>;
