import { secret, Type, type Static } from '@signalbox/sdk';

/** Attributes are named as RFC 7644 §3.10 does: `displayName`, or behind the URN of an extension and a colon. */
const attribute = (description: string, ...examples: string[]) =>
  Type.Optional(Type.String({ description, minLength: 1, maxLength: 500, examples }));

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const config = Type.Object({
  base_url: Type.String({
    description: 'The address up to and with the version, before `/Users` and `/Groups`.',
    pattern: '^https?://[^/?#\\s@]+(/[^?#\\s]*)?$',
    maxLength: 2_000,
    examples: ['https://idp.example.org/scim/v2'],
  }),
  bearer_token: Type.Optional(
    secret({ description: 'Sent as `Authorization: Bearer …`.', examples: ['${env:SCIM_TOKEN}'] }),
  ),
  username: Type.Optional(
    Type.String({ description: 'For basic authentication, with `password`.', examples: ['signalbox'] }),
  ),
  password: Type.Optional(
    secret({ description: 'For basic authentication.', examples: ['${env:SCIM_PASSWORD}'] }),
  ),
  page_size: Type.Integer({
    description: 'How many are asked for at once; the server may give fewer.',
    minimum: 1,
    maximum: 1_000,
    default: 100,
  }),
  people: Type.Boolean({ description: 'Whether `/Users` is read.', default: true }),
  teams: Type.Boolean({ description: 'Whether `/Groups` is read.', default: true }),
  unit_attributes: Type.Array(Type.String({ description: 'An attribute of users.' }), {
    description: 'Attributes of users that name the units of the organization.',
    maxItems: 10,
    default: [`${ENTERPRISE}:department`, `${ENTERPRISE}:division`, `${ENTERPRISE}:organization`],
  }),
  cost_center_attributes: Type.Array(Type.String({ description: 'An attribute of users.' }), {
    description: 'Attributes of users that name who pays.',
    maxItems: 10,
    default: [`${ENTERPRISE}:costCenter`],
  }),
  former_names_attribute: attribute(
    'An attribute of users and groups that lists what they were called once; SCIM has none of its own.',
    'urn:example:params:scim:schemas:extension:acme:2.0:Group:formerNames',
  ),
});

export type ScimConfig = Static<typeof config>;
