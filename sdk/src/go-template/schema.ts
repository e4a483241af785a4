import { Type } from '../schema.ts';
import { GO_TEMPLATE_MEDIA_TYPE } from './compose.ts';
import { GO_TEMPLATE_MAX_CHARACTERS } from './template-set.ts';

/** A field of a connector's `go_templates`: a text in Go's template language. */
export function goTemplate(description: string, example: string) {
  return Type.Optional(
    Type.String({
      description,
      contentMediaType: GO_TEMPLATE_MEDIA_TYPE,
      maxLength: GO_TEMPLATE_MAX_CHARACTERS,
      examples: [example],
    }),
  );
}

/** The field `definitions` of a connector's `go_templates`. The hub puts the files of its own `templates` before them. */
export function goDefinitions() {
  return Type.Array(
    Type.Object(
      {
        name: Type.String({
          description: 'For messages, and the name of what stands outside of any `define`.',
          minLength: 1,
          maxLength: 255,
          examples: ['chat.tmpl'],
        }),
        source: Type.String({
          description: 'The definitions.',
          contentMediaType: GO_TEMPLATE_MEDIA_TYPE,
          maxLength: GO_TEMPLATE_MAX_CHARACTERS,
          examples: ['${file:chat.tmpl}'],
        }),
      },
      { additionalProperties: false },
    ),
    {
      description:
        'Definitions that the templates use, on top of those that Alertmanager has built in and of the files of `templates`.',
      default: [],
      maxItems: 1_000,
    },
  );
}
