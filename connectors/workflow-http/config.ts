import { secret, TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';

/** Whom a credential goes to is never decided by a label: the host is written out. */
const ADDRESS = '^https?://[^/{}?#\\s@]+([/?#].*)?$';
const POINTER = '^(/.*)?$';

const pointer = (description: string, example: string) =>
  Type.String({ description, pattern: POINTER, maxLength: 500, examples: [example] });

const words = (description: string, example: readonly string[]) =>
  Type.Array(Type.String({ minLength: 1, description: 'A value, in any case.' }), {
    description,
    minItems: 1,
    maxItems: 50,
    examples: [example],
  });

const status = Type.Object(
  {
    url: Type.String({
      description:
        'The address that tells how a run goes on, with `{{ reference }}` in the place of the engine’s id of the run. The host is written out.',
      pattern: '^https?://[^/{}?#\\s@]+[/?#].*\\{\\{ *reference *\\}\\}',
      maxLength: 2_000,
      examples: ['https://kestra.example.org/api/v1/main/executions/{{ reference }}'],
    }),
    pointer: pointer('Where the state stands in the answer: a JSON pointer (RFC 6901).', '/state/current'),
    succeeded: words('The values that mean that it ended well.', ['SUCCESS']),
    failed: words('The values that mean that it ended badly, or was stopped.', ['FAILED', 'KILLED']),
    words_pointer: Type.Optional(
      pointer('Where a sentence for people stands in the answer, if there is one.', '/status/message'),
    ),
  },
  {
    additionalProperties: false,
    description: 'How to ask. Every value that is in neither list means that it runs.',
  },
);

export const config = Type.Object(
  {
    url: Type.String({
      description:
        'Where a run is started: a template over the run, whose values are escaped for an address. The host is written out.',
      pattern: ADDRESS,
      maxLength: 2_000,
      contentMediaType: TEMPLATE_MEDIA_TYPE,
      examples: ['https://argo.example.org/api/v1/workflows/remediation/submit'],
    }),
    method: Type.Enum(['POST', 'PUT'], { description: 'HTTP method.', default: 'POST', examples: ['PUT'] }),
    body: Type.Optional(
      Type.String({
        description:
          'The body, JSON, as a Liquid template over `run` (`id`, `rule`, `trigger`, `inputs`, `incident`, `requestedBy`, `approvedBy`), `alert`, and all else that a notification has. Write values with `| json`. Default: all of it.',
        contentMediaType: TEMPLATE_MEDIA_TYPE,
        maxLength: 65_536,
        examples: ['{"action": "ops.restart", "parameters": {{ run.inputs | json }}}'],
      }),
    ),
    bearer_token: Type.Optional(
      secret({
        description: 'Sent as `Authorization: Bearer …`.',
        pattern: '^[\\x21-\\x7e]+$',
        examples: ['${env:ENGINE_TOKEN}'],
      }),
    ),
    username: Type.Optional(
      Type.String({
        description: 'For basic authentication, with `password`.',
        pattern: '^[^:]*$',
        examples: ['signalbox'],
      }),
    ),
    password: Type.Optional(
      secret({ description: 'For basic authentication.', examples: ['${env:ENGINE_PASSWORD}'] }),
    ),
    headers: Type.Record(
      Type.String({ pattern: '^[A-Za-z0-9-]+$' }),
      secret({ description: 'The value of a header.', pattern: '^[\\t\\x20-\\x7e]*$', maxLength: 2_000 }),
      {
        description: 'Further request headers. Their values are kept secret.',
        default: {},
        examples: [{ 'St2-Api-Key': '${env:ST2_API_KEY}' }],
      },
    ),
    idempotency_header: Type.String({
      description:
        'The header that carries a key which is the same for every attempt to start one run. An engine that does not look at it may run twice after a time-out: see `reference_template`.',
      pattern: '^[A-Za-z0-9-]+$',
      default: 'Idempotency-Key',
      examples: ['X-Request-Id'],
    }),
    already_started: Type.Array(Type.Integer({ minimum: 200, maximum: 499 }), {
      description: 'Statuses that mean that this run was started by an earlier attempt.',
      default: [],
      examples: [[409]],
    }),
    reference_pointer: Type.Optional(
      pointer('Where the engine’s id of the run stands in its answer: a JSON pointer (RFC 6901).', '/id'),
    ),
    reference_template: Type.Optional(
      Type.String({
        description:
          'The id of the run, where the hub gives it to the engine: a template over the run. In place of `reference_pointer`.',
        contentMediaType: TEMPLATE_MEDIA_TYPE,
        maxLength: 500,
        examples: ['{{ run.id | replace: "_", "-" }}'],
      }),
    ),
    status: Type.Optional(status),
  },
  { additionalProperties: false },
);

export type WorkflowHttpConfig = Static<typeof config>;
