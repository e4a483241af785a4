import { goDefinitions, goTemplate, Type } from '@signalbox/sdk';

/** The fields of Alertmanager's `discord_configs` that are templates, by its names. A field that is left out is empty. */
export const goTemplates = Type.Optional(
  Type.Object(
    {
      content: goTemplate('The text above the embed, which may mention people.', '<@&1211223344556677889>'),
      title: goTemplate('Heading of the embed.', '{{ template "discord.default.title" . }}'),
      message: goTemplate('Text of the embed.', '{{ template "discord.default.message" . }}'),
      definitions: goDefinitions(),
    },
    {
      additionalProperties: false,
      description:
        'The whole message in Go’s template language, with Alertmanager’s data and functions, as its `discord_configs` say it. Nothing is escaped.',
    },
  ),
);
