import { goDefinitions, goTemplate, Type } from '@signalbox/sdk';

/** The fields of Alertmanager's `msteams_configs` and `msteamsv2_configs`, by their names. A field that is left out is empty. */
export const goTemplates = Type.Optional(
  Type.Object(
    {
      title: goTemplate('Heading of the card.', '{{ template "msteamsv2.default.title" . }}'),
      text: goTemplate('Text of the card, in Markdown.', '{{ template "msteamsv2.default.text" . }}'),
      summary: goTemplate(
        'What shows on a screen, of a `message_card`.',
        '{{ template "msteams.default.summary" . }}',
      ),
      definitions: goDefinitions(),
    },
    {
      additionalProperties: false,
      description:
        'The whole card in Go’s template language, with Alertmanager’s data and functions, as its `msteamsv2_configs` say it. Nothing is escaped.',
    },
  ),
);
