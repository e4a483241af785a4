import { secret, Type, type Static } from '@signalbox/sdk';

const attribute = (description: string, fallback: string) =>
  Type.String({ description, minLength: 1, maxLength: 100, default: fallback });
const attributes = (description: string, ...examples: string[]) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
    description,
    maxItems: 10,
    default: [],
    examples: [examples],
  });

const search = Type.Object({
  kind: Type.Unsafe<'person' | 'team' | 'unit' | 'cost_center'>({
    type: 'string',
    enum: ['person', 'team', 'unit', 'cost_center'],
    description: 'What the entries are.',
  }),
  base: Type.String({
    description: 'Below which entry they are.',
    minLength: 1,
    maxLength: 1_000,
    examples: ['ou=teams,dc=example,dc=org'],
  }),
  filter: Type.String({
    description: 'Which entries they are (RFC 4515).',
    minLength: 1,
    maxLength: 4_000,
    default: '(objectClass=*)',
    examples: ['(objectClass=groupOfNames)'],
  }),
  scope: Type.Unsafe<'sub' | 'one'>({
    type: 'string',
    enum: ['sub', 'one'],
    description: 'Whether they are anywhere below it, or directly.',
    default: 'sub',
  }),
  id: attribute('What stays the same when it is renamed; in Active Directory `objectGUID`.', 'entryUUID'),
  name: attribute('What it is called.', 'cn'),
  aliases: attributes('What else it is called.', 'mail', 'displayName'),
  former_names: attributes('What it was called once.', 'description'),
  inactive: Type.Optional(
    Type.Object(
      {
        attribute: Type.String({
          description: 'An attribute.',
          minLength: 1,
          maxLength: 100,
          examples: ['employeeType'],
        }),
        values: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
          description: 'Its values that say so.',
          minItems: 1,
          maxItems: 20,
          examples: [['former']],
        }),
      },
      { description: 'By which value of which attribute it is no longer active.' },
    ),
  ),
});

export const config = Type.Object({
  url: Type.String({
    description: 'The server: `ldaps://` for TLS from the first byte, `ldap://` for STARTTLS.',
    pattern: '^ldaps?://[^/?#\\s@]+$',
    maxLength: 500,
    examples: ['ldaps://ldap.example.org'],
  }),
  start_tls: Type.Boolean({
    description:
      'Whether `ldap://` changes to TLS before anything is said. Without it passwords travel in clear.',
    default: true,
  }),
  ca: Type.Optional(
    Type.String({
      description: 'Authorities trusted instead of the platform’s, as PEM.',
      minLength: 1,
      examples: ['${file:ldap-ca.pem}'],
    }),
  ),
  bind_dn: Type.Optional(
    Type.String({
      description: 'Who reads; without it, anonymously.',
      minLength: 1,
      maxLength: 1_000,
      examples: ['cn=signalbox,ou=services,dc=example,dc=org'],
    }),
  ),
  bind_password: Type.Optional(
    secret({ description: 'The password of `bind_dn`.', examples: ['${env:LDAP_PASSWORD}'] }),
  ),
  page_size: Type.Integer({
    description: 'How many entries the server sends at once.',
    minimum: 1,
    maximum: 1_000,
    default: 500,
  }),
  searches: Type.Array(search, {
    description: 'Where which entries are; read in this order.',
    minItems: 1,
    maxItems: 20,
    examples: [[{ kind: 'team', base: 'ou=teams,dc=example,dc=org', filter: '(objectClass=groupOfNames)' }]],
  }),
});

export type LdapConfig = Static<typeof config>;
export type LdapSearch = Static<typeof search>;
