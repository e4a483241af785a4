import {
  GO_TEMPLATE_MEDIA_TYPE,
  goDefinitions,
  goTemplate,
  secret,
  TEMPLATE_MEDIA_TYPE,
  Type,
  type Static,
} from '@signalbox/sdk';

// One address, bare or as `Name <address>`. No line breaks, no commas: neither a header nor a second recipient gets in.
export const ADDRESS =
  '^(?:[^<>,;@\\x00-\\x1f\\x7f]{0,100}<[^<>@,;\\s\\x00-\\x1f\\x7f]{1,64}@[^<>@,;\\s\\x00-\\x1f\\x7f]{1,190}>|[^<>@,;\\s\\x00-\\x1f\\x7f]{1,64}@[^<>@,;\\s\\x00-\\x1f\\x7f]{1,190})$';

function template(description: string, example: string) {
  return Type.Optional(
    Type.String({
      description,
      contentMediaType: TEMPLATE_MEDIA_TYPE,
      maxLength: 65_536,
      examples: [example],
    }),
  );
}

export const config = Type.Object(
  {
    host: Type.String({
      description: 'Name of the SMTP server, as in its certificate.',
      pattern: '^[A-Za-z0-9._:-]{1,253}$',
      examples: ['smtp.example.org'],
    }),
    port: Type.Integer({
      description: 'Port of the SMTP server: 587 for STARTTLS, 465 for TLS from the start, 25 for a relay.',
      default: 587,
      minimum: 1,
      maximum: 65_535,
      examples: [465],
    }),
    security: Type.Enum(['starttls', 'tls', 'none'], {
      description:
        '`starttls` changes to TLS before anything is said and fails when the server can’t; `tls` speaks TLS from the start; `none` sends in clear, for a relay on the same machine only.',
      default: 'starttls',
      examples: ['tls'],
    }),
    min_tls: Type.Enum(['TLSv1.2', 'TLSv1.3'], {
      description: 'Oldest version of TLS that is accepted.',
      default: 'TLSv1.2',
      examples: ['TLSv1.3'],
    }),
    ca: Type.Optional(
      Type.String({
        description:
          'Certificates in PEM of the authorities to trust instead of the public ones, for a server with a certificate of your own.',
        examples: ['${file:/etc/ssl/company-ca.pem}'],
      }),
    ),
    username: Type.Optional(
      Type.String({
        description: 'User to log in with, together with `password`.',
        examples: ['alerts@example.org'],
      }),
    ),
    password: Type.Optional(
      secret({ description: 'Password of that user.', examples: ['${env:SMTP_PASSWORD}'] }),
    ),
    from: Type.String({
      description: 'Sender of the messages, bare or with a name.',
      pattern: ADDRESS,
      examples: ['Signalbox <alerts@example.org>'],
    }),
    to: Type.Array(Type.String({ pattern: ADDRESS }), {
      description: 'Recipients; required unless `go_templates.to` says them.',
      default: [],
      maxItems: 50,
      examples: [['on-call@example.org']],
    }),
    cc: Type.Array(Type.String({ pattern: ADDRESS }), {
      description: 'Recipients of a copy.',
      default: [],
      maxItems: 50,
      examples: [['team@example.org']],
    }),
    reply_to: Type.Optional(
      Type.String({ description: 'Where answers go.', pattern: ADDRESS, examples: ['on-call@example.org'] }),
    ),
    subject: template('The subject, in Liquid; made one line of at most 200 characters.', '{{ title }}'),
    text: template(
      'The plain text, in Liquid.',
      '{{ title }}\n{% for alert in alerts %}- {{ alert.annotations.summary }}\n{% endfor %}',
    ),
    html: template(
      'The HTML, in Liquid. Values are escaped unless they pass `| raw`.',
      '<h1>{{ title }}</h1>',
    ),
    go_templates: Type.Optional(
      Type.Object(
        {
          to: goTemplate(
            'Recipients with commas between, in place of `to`. Whoever may raise alerts decides who is told.',
            '{{ .CommonAnnotations.contact }}',
          ),
          subject: goTemplate(
            'The subject; made one line of at most 200 characters.',
            '{{ template "email.default.subject" . }}',
          ),
          text: goTemplate('The plain text.', '{{ range .Alerts }}{{ .Annotations.summary }}\n{{ end }}'),
          html: goTemplate('The HTML. Values are escaped.', '{{ template "email.default.html" . }}'),
          headers: Type.Optional(
            Type.Record(
              Type.String({ pattern: '^[A-Za-z][A-Za-z0-9-]{0,62}$' }),
              Type.String({
                description: 'Value of the header.',
                contentMediaType: GO_TEMPLATE_MEDIA_TYPE,
                maxLength: 65_536,
              }),
              {
                description:
                  'More headers. Those that steer the mail (recipients, sender, contents) can’t be set here.',
                examples: [{ 'X-Team': '{{ .GroupLabels.team }}' }],
              },
            ),
          ),
          definitions: goDefinitions(),
        },
        {
          additionalProperties: false,
          description:
            'The words in Go’s template language, with Alertmanager’s data and functions. They go before those in Liquid; without `text` the plain text is left out when there is HTML.',
        },
      ),
    ),
    max_alerts: Type.Integer({
      description: 'Most alerts in one message; the rest is counted.',
      default: 25,
      minimum: 1,
      maximum: 200,
      examples: [50],
    }),
    connections: Type.Integer({
      description: 'Most connections to the server at once; they are kept open and used again.',
      default: 2,
      minimum: 1,
      maximum: 20,
      examples: [5],
    }),
  },
  { additionalProperties: false },
);

export type EmailConfig = Static<typeof config>;
