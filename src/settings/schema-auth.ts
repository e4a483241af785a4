import { Type } from '@signalbox/sdk';
import { HMAC_PRESET_NAMES } from '../model/hmac-presets.ts';
import {
  choice,
  DEFAULT_TEXT,
  duration,
  EXPECTS,
  type FieldOptions,
  oneOrMore,
  secretText,
  section,
  text,
  TYPE_NAME,
} from './schema-fields.ts';

/** JSON Schema fills in no defaults below alternatives, so these are applied where authentication is resolved. */
export const AUTH_DEFAULTS = { apiKeyHeader: 'X-API-Key', tolerance: '5m', clockSkew: '30s' };

const BY_PRESET = 'by the preset';

const header = (description: string, more: Partial<FieldOptions> = {}) =>
  text({
    description,
    pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
    [EXPECTS]: 'the name of an HTTP header',
    ...more,
  });

const basic = section(
  {
    username: text({ description: 'The name of the user.', examples: ['prometheus'] }),
    password: Type.Optional(secretText({ description: 'The password.', examples: ['${env:PROM_PASSWORD}'] })),
    passwords: Type.Optional(oneOrMore(secretText, { description: 'Several passwords, during a rotation.' })),
  },
  { description: 'HTTP basic authentication (RFC 7617).' },
);

const apiKey = section(
  {
    header: Type.Optional(
      header('The header that carries the key.', { default: AUTH_DEFAULTS.apiKeyHeader }),
    ),
    key: Type.Optional(secretText({ description: 'The key.', examples: ['${env:SENDER_KEY}'] })),
    keys: Type.Optional(oneOrMore(secretText, { description: 'Several keys, during a rotation.' })),
  },
  { description: 'A key in a header.' },
);

const hmac = section(
  {
    preset: Type.Optional(
      choice(HMAC_PRESET_NAMES, {
        description: 'How a vendor signs. Other keys beside it replace single values of it.',
        examples: ['github'],
      }),
    ),
    secret: Type.Optional(
      secretText({ description: 'The shared secret.', examples: ['${env:GITHUB_WEBHOOK_SECRET}'] }),
    ),
    secrets: Type.Optional(oneOrMore(secretText, { description: 'Several secrets, during a rotation.' })),
    secret_encoding: Type.Optional(
      choice(['text', 'base64'], {
        description: 'Whether the secret is the key itself or base64 of it.',
        [DEFAULT_TEXT]: `${BY_PRESET}, else \`text\``,
      }),
    ),
    header: Type.Optional(
      header('The header that carries the signature.', {
        [DEFAULT_TEXT]: `${BY_PRESET}, else \`X-Signature\``,
      }),
    ),
    algorithm: Type.Optional(
      choice(['sha1', 'sha256', 'sha512'], {
        description: 'The hash function.',
        [DEFAULT_TEXT]: `${BY_PRESET}, else \`sha256\``,
      }),
    ),
    encoding: Type.Optional(
      choice(['hex', 'base64'], {
        description: 'How the signature is written.',
        [DEFAULT_TEXT]: `${BY_PRESET}, else \`hex\``,
      }),
    ),
    prefix: Type.Optional(
      Type.String({
        description: 'What stands before the signature in the header.',
        examples: ['sha256='],
        [DEFAULT_TEXT]: `${BY_PRESET}, else none`,
      }),
    ),
    content: Type.Optional(
      text({
        description: 'What is signed, made of `{body}`, `{timestamp}` and `{id}`.',
        pattern: '\\{body\\}',
        [EXPECTS]: 'a text that contains {body}',
        examples: ['{timestamp}.{body}'],
        [DEFAULT_TEXT]: `${BY_PRESET}, else \`{body}\`, or \`{timestamp}.{body}\` with a \`timestamp_header\``,
      }),
    ),
    timestamp_header: Type.Optional(
      header('The header with the time of signing, in seconds since 1970.', {
        [DEFAULT_TEXT]: `${BY_PRESET}, else none`,
      }),
    ),
    id_header: Type.Optional(
      header('The header with the id of the message.', { [DEFAULT_TEXT]: `${BY_PRESET}, else none` }),
    ),
    tolerance: Type.Optional(
      duration({
        description: 'How far the time of signing may be away from ours.',
        default: AUTH_DEFAULTS.tolerance,
      }),
    ),
  },
  { description: 'A signature over the body with a shared secret (RFC 2104).' },
);

const JWT_ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const jwt = section(
  {
    key: Type.Optional(
      secretText({
        description: 'The key: a shared secret, or a public key in PEM.',
        examples: ['${file:sender.pem}'],
      }),
    ),
    keys: Type.Optional(
      oneOrMore(secretText, { description: 'Several keys of one kind, during a rotation.' }),
    ),
    jwks_url: Type.Optional(
      text({
        description: 'Where the public keys of the issuer are found.',
        pattern: '^https?://[^\\s]+$',
        [EXPECTS]: 'a URL that begins with https://',
        examples: ['https://login.example.org/.well-known/jwks.json'],
      }),
    ),
    algorithms: Type.Optional(
      Type.Array(choice(JWT_ALGORITHMS, { description: 'An algorithm.' }), {
        description: 'The algorithms that are accepted.',
        minItems: 1,
        [DEFAULT_TEXT]: '`[HS256]` for a shared secret, else `[RS256, ES256, EdDSA]`',
      }),
    ),
    issuer: Type.Optional(
      text({ description: 'What `iss` must be.', examples: ['https://login.example.org'] }),
    ),
    audience: Type.Optional(text({ description: 'What `aud` must contain.', examples: ['signalbox'] })),
    clock_skew: Type.Optional(
      duration({ description: 'How far the clocks may be apart.', default: AUTH_DEFAULTS.clockSkew }),
    ),
  },
  { description: 'A signed token in `Authorization: Bearer` (RFC 7519).' },
);

const mtls = section(
  {
    names: Type.Optional(
      oneOrMore(text, {
        description:
          'Accepted common names or subject alternative names; without any, every certificate of the authority.',
        default: [],
        examples: [['prometheus.example.org']],
      }),
    ),
  },
  { description: 'A client certificate of `server.tls.client_ca_file`.' },
);

/** Several keys, or several list items, must all pass. */
export const authMethod = section(
  {
    bearer: Type.Optional(
      oneOrMore(secretText, {
        description: 'A token in `Authorization: Bearer` (RFC 6750); two during a rotation.',
        examples: ['${env:PROM_TOKEN}'],
        [EXPECTS]: 'a token or a list of tokens',
      }),
    ),
    basic: Type.Optional(basic),
    api_key: Type.Optional(apiKey),
    hmac: Type.Optional(hmac),
    jwt: Type.Optional(jwt),
    mtls: Type.Optional(mtls),
  },
  { description: 'A way to authenticate.', minProperties: 1 },
);

export const auth = Type.Union(
  [
    choice(['none'], { description: 'Anybody may send.' }),
    authMethod,
    Type.Array(authMethod, { minItems: 1 }),
  ],
  {
    description:
      'How senders prove who they are: `bearer`, `basic`, `api_key`, `hmac`, `jwt`, `mtls`. Of several all must pass. `none` must be said explicitly unless the hub listens on loopback only.',
    [EXPECTS]: 'none, or a map such as { bearer: "${env:TOKEN}" }, or a list of such maps',
    [TYPE_NAME]: 'none, map or list of maps',
    examples: [{ bearer: '${env:PROM_TOKEN}' }],
  },
);
