import { Type } from '@signalbox/sdk';
import {
  choice,
  DEFAULT_TEXT,
  EXPECTS,
  ID_EXPECTS,
  ID_PATTERN,
  oneOrMore,
  section,
  text,
} from './schema-fields.ts';

const MAX_RULES = 2_000;
const MAX_RESOURCES = 100;

const only = (description: string, example: string) =>
  Type.Optional(oneOrMore(text, { description, [DEFAULT_TEXT]: 'all', examples: [[example]] }));

const level = (options: { readonly description: string }) => choice(['critical', 'warning', 'info'], options);

const amount = Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Number({ minimum: 0 })], {
  description: 'A quantity as Kubernetes writes it.',
  [EXPECTS]: 'a quantity such as 500m, 4 or 32Gi',
});

export const limitRule = section(
  {
    id: Type.String({
      description: 'The name by which breaches and approvals call it; unique.',
      pattern: ID_PATTERN,
      [EXPECTS]: ID_EXPECTS,
      examples: ['development'],
    }),
    environments: only('Only in these environments.', 'development'),
    tenants: only('Only of these tenants, as `classification` names them, else as the hub does.', 'shop'),
    business_units: only('Only of these business units.', 'retail'),
    criticalities: only('Only what a policy of `priority` gives one of these criticalities.', 'tier-1'),
    priorities: Type.Optional(
      Type.Array(level({ description: 'A priority.' }), {
        description: 'Only what a policy of `priority` gives one of these priorities.',
        [DEFAULT_TEXT]: 'all',
        minItems: 1,
        examples: [['critical']],
      }),
    ),
    clusters: only('Only in these clusters.', 'eu-1'),
    namespaces: only('Only these namespaces, by their whole names.', 'shop'),
    limits: Type.Record(Type.String({ minLength: 1, maxLength: 253 }), amount, {
      description:
        'The most there may be, by resource as in a ResourceQuota of Kubernetes: cores, bytes, pieces.',
      minProperties: 1,
      maxProperties: MAX_RESOURCES,
      examples: [{ cpu: '8', memory: '32Gi', pods: 100 }],
    }),
  },
  { description: 'How much namespaces of some kind may have. All its conditions have to hold.' },
);

export const namespaceLimits = Type.Array(limitRule, {
  description:
    'Limits of namespaces. For each resource the first rule that fits the namespace and names the resource decides, so exceptions stand before what is general; what is above it needs an approval (docs/classification.md).',
  maxItems: MAX_RULES,
  default: [],
  examples: [
    [
      { id: 'checkout', criticalities: ['tier-1'], limits: { cpu: '64', memory: '256Gi' } },
      { id: 'development', environments: ['development'], limits: { cpu: '4', memory: '16Gi', pods: 50 } },
    ],
  ],
});
