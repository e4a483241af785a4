import { EXPRESSION_MEDIA_TYPE, mappingFields, Type, type Static } from '@signalbox/sdk';

/**
 * How a payload becomes alerts. Expressions see `body` (the payload), `item` (the piece of it that is one alert) and `query` (the
 * parameters of the URL). Without any setting common field names are understood.
 */
export const config = Type.Object(
  {
    for_each: Type.Optional(
      Type.String({
        description:
          'A CEL expression that yields the list of pieces that are one alert each. Default: the body, or its items when it is a list.',
        examples: ['body.incidents'],
        contentMediaType: EXPRESSION_MEDIA_TYPE,
        minLength: 1,
        maxLength: 4096,
      }),
    ),
    ...mappingFields,
  },
  { additionalProperties: false },
);

export type GenericConfig = Static<typeof config>;
