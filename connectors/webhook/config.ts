import { goDefinitions, goTemplate, secret, TEMPLATE_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';

const signingSecret = {
  // Standard Webhooks: base64 of 24 to 64 random bytes behind the prefix.
  pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$',
};

export const config = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        description:
          'Where notifications go; required unless `go_templates.url` says it. Credentials do not belong here but in `headers`, `query` or `bearer_token`.',
        pattern: '^https?://',
        maxLength: 2000,
        examples: ['https://example.org/hooks/alerts'],
      }),
    ),
    method: Type.Enum(['POST', 'PUT'], {
      description: 'HTTP method.',
      default: 'POST',
      examples: ['PUT'],
    }),
    format: Type.Enum(['alertmanager', 'cloudevents', 'template'], {
      description:
        'Shape of the body: `alertmanager` is the webhook JSON of Alertmanager (version 4), byte for byte, `cloudevents` a structured CloudEvents 1.0 event, `template` your own text.',
      default: 'alertmanager',
      examples: ['cloudevents'],
    }),
    template: Type.Optional(
      Type.String({
        description: 'The body for `format: template`, in Liquid. Write values into JSON with `| json`.',
        contentMediaType: TEMPLATE_MEDIA_TYPE,
        maxLength: 65_536,
        examples: ['{"text": {{ title | json }}}'],
      }),
    ),
    content_type: Type.String({
      description:
        'The `Content-Type` for `format: template`. A JSON type also has the body checked to be JSON.',
      default: 'application/json',
      pattern: '^[\\w!#$&^.+-]+/[\\w!#$&^.+-]+(; ?[\\w-]+=[\\w.-]+)*$',
      examples: ['text/plain; charset=utf-8'],
    }),
    max_alerts: Type.Integer({
      description: 'Most alerts in one body; the rest is counted in `truncatedAlerts`. 0 sends all.',
      default: 0,
      minimum: 0,
      examples: [50],
    }),
    headers: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" }),
        secret({ description: 'Value of the header.', pattern: '^[\\t\\x20-\\x7e]*$' }),
        {
          description: 'Extra request headers; their values are kept secret.',
          examples: [{ 'X-Api-Key': '${env:HOOK_KEY}' }],
        },
      ),
    ),
    query: Type.Optional(
      Type.Record(Type.String(), secret({ description: 'Value of the parameter.' }), {
        description: 'Parameters added to the URL; their values are kept secret.',
        examples: [{ token: '${env:HOOK_TOKEN}' }],
      }),
    ),
    bearer_token: Type.Optional(
      secret({
        description: 'Sent as `Authorization: Bearer …`.',
        pattern: '^[\\x21-\\x7e]+$',
        examples: ['${env:HOOK_TOKEN}'],
      }),
    ),
    username: Type.Optional(
      Type.String({
        description: 'User of HTTP Basic authentication, together with `password`.',
        pattern: '^[^:]*$',
        examples: ['signalbox'],
      }),
    ),
    password: Type.Optional(
      secret({ description: 'Password of HTTP Basic authentication.', examples: ['${env:HOOK_PASSWORD}'] }),
    ),
    signing_secret: Type.Optional(
      secret({
        ...signingSecret,
        description:
          'Signs each request as Standard Webhooks says, with HMAC-SHA256: `whsec_` and base64 of 24 to 64 random bytes.',
        examples: ['${env:HOOK_SIGNING_SECRET}'],
      }),
    ),
    old_signing_secrets: Type.Optional(
      Type.Array(secret({ ...signingSecret, description: 'A secret that is being replaced.' }), {
        description: 'Also signed with while receivers change over to a new `signing_secret`.',
        maxItems: 4,
        examples: [['${env:HOOK_OLD_SIGNING_SECRET}']],
      }),
    ),
    go_templates: Type.Optional(
      Type.Object(
        {
          url: goTemplate(
            'The address, in place of `url`. Whoever may raise alerts decides where requests go: see `http.reach`.',
            'https://example.org/hooks/{{ .GroupLabels.team }}',
          ),
          payload: Type.Optional(
            Type.Unknown({
              description:
                'The body for `format: alertmanager`: a structure whose texts are templates, as `payload` there.',
              examples: [{ text: '{{ template "slack.default.title" . }}', count: '{{ len .Alerts }}' }],
            }),
          ),
          definitions: goDefinitions(),
        },
        {
          additionalProperties: false,
          description: 'Settings in Go’s template language, with Alertmanager’s data and functions.',
        },
      ),
    ),
  },
  { additionalProperties: false },
);

export type WebhookConfig = Static<typeof config>;
