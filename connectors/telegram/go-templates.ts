import { goDefinitions, goTemplate, Type } from '@signalbox/sdk';

/** The fields of Alertmanager's `telegram_configs` that are templates, by its names. */
export const goTemplates = Type.Optional(
  Type.Object(
    {
      message: goTemplate('The whole text.', '{{ template "telegram.default.message" . }}'),
      parse_mode: Type.Enum(['HTML', 'MarkdownV2', 'Markdown', ''], {
        description:
          'How Telegram reads the text; an empty one is plain text. Values are escaped for `HTML` only.',
        default: 'HTML',
        examples: ['MarkdownV2'],
      }),
      definitions: goDefinitions(),
    },
    {
      additionalProperties: false,
      description:
        'The whole message in Go’s template language, with Alertmanager’s data and functions, as its `telegram_configs` say it.',
    },
  ),
);
