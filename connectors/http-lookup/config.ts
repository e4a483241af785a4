import { EXPRESSION_MEDIA_TYPE, secret, TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';

export const config = Type.Object({
  url: Type.String({
    description:
      'The address that is asked, a template over the alert; every value is escaped for an address. An alert without a label that it names is not asked about. The host is written out.',
    // Whom a credential goes to is never decided by a label.
    pattern: '^https?://[^/{}?#\\s@]+([/?#].*)?$',
    maxLength: 2_000,
    contentMediaType: TEMPLATE_MEDIA_TYPE,
    examples: ['https://cmdb.example.org/api/services/{{ labels.service }}'],
  }),
  bearer_token: Type.Optional(
    secret({ description: 'Sent as `Authorization: Bearer …`.', examples: ['${env:CMDB_TOKEN}'] }),
  ),
  username: Type.Optional(
    Type.String({ description: 'For basic authentication, with `password`.', examples: ['signalbox'] }),
  ),
  password: Type.Optional(
    secret({ description: 'For basic authentication.', examples: ['${env:CMDB_PASSWORD}'] }),
  ),
  headers: Type.Record(
    Type.String({ pattern: '^[A-Za-z0-9-]+$' }),
    secret({ description: 'The value of a header.', maxLength: 2_000 }),
    {
      description: 'Further request headers. Their values are kept secret.',
      default: {},
      examples: [{ 'x-api-key': '${env:CMDB_KEY}' }],
    },
  ),
  pick: Type.Optional(
    Type.Record(
      Type.String({ minLength: 1 }),
      Type.String({
        description: 'A CEL expression.',
        contentMediaType: EXPRESSION_MEDIA_TYPE,
        minLength: 1,
        maxLength: 4_096,
      }),
      {
        description:
          'What is taken of the answer, by name: CEL expressions over `body`. What is not there is left out. Default: the whole answer.',
        minProperties: 1,
        examples: [{ owner: 'body.service.owner', tier: 'body.service.tier' }],
      },
    ),
  ),
  unknown_statuses: Type.Array(Type.Integer({ minimum: 200, maximum: 499 }), {
    description: 'Statuses that mean that nothing is known, which is no trouble.',
    default: [404],
    examples: [[404, 204]],
  }),
});

export type HttpLookupConfig = Static<typeof config>;
