import { EXPRESSION_MEDIA_TYPE, Type, type Static } from '@signalbox/sdk';
import { SOURCES } from './classification.ts';

// The written form of a rule set, in snake_case. Lists and texts are bounded, because every namespace passes through all of them.

const MAX_RULES = 1_000;
const MAX_WORDS = 2_000;
const MAX_ALIASES = 10_000;
const MAX_PATTERN_CHARS = 500;
const MAX_EXPRESSION_CHARS = 4_096;
const EXPECTS = 'x-expects';

const ENVIRONMENT_KEYS = [
  'environment',
  'env',
  'environment-name',
  'environment_name',
  'env-name',
  'deployment.environment',
  'deployment.environment.name',
];
const HINT_KEYS = ['stage', 'tier', 'lifecycle'];
const TENANT_KEYS = ['tenant'];
const BUSINESS_UNIT_KEYS = ['business-unit', 'business_unit'];
const NONPRODUCTION_IS = 'staging';

const ID_PATTERN = '^[a-z0-9][a-z0-9-]{0,62}$';
const id = (description: string) =>
  Type.String({
    description,
    pattern: ID_PATTERN,
    [EXPECTS]: 'a name in lower case with digits and "-", such as "team-x"',
  });
const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 253 });
const texts = (description: string) => Type.Array(text(description), { description, maxItems: MAX_WORDS });
const pattern = (description: string) =>
  Type.String({ description, minLength: 1, maxLength: MAX_PATTERN_CHARS });
const count = (description: string) => Type.Integer({ description, minimum: 1 });
const closed = { additionalProperties: false };

/** What a rule looks at and for; the same for rules about environments and about tenants. */
const condition = {
  id: id('The name by which reasons and reports call the rule; unique in the set.'),
  on: Type.Optional(
    Type.Array(Type.Unsafe<(typeof SOURCES)[number]>({ enum: SOURCES }), {
      description:
        'Where it looks for words and pattern: `name`, `label`, `annotation`, `cluster`, `owner`. Needed with them.',
      minItems: 1,
    }),
  ),
  keys: Type.Optional(
    texts(
      'Which labels, annotations or fields of the owner; whole, or the part after the last `/`. Default: `environment_keys`.',
    ),
  ),
  words: Type.Optional(
    texts('Whole words, or several with `-` between them. Case and a number at the end do not matter.'),
  ),
  pattern: Type.Optional(
    pattern(
      'A regular expression of RE2 (https://github.com/google/re2/wiki/Syntax) that is looked for anywhere in the text.',
    ),
  ),
  when: Type.Optional(
    Type.String({
      description:
        'A CEL expression over `name`, `cluster`, `labels`, `annotations` and `owner` that has to be true as well; alone it is all that has to hold. The texts are as they were written. Where it fails, the rule says nothing, and the namespace counts as production.',
      contentMediaType: EXPRESSION_MEDIA_TYPE,
      minLength: 1,
      maxLength: MAX_EXPRESSION_CHARS,
      [EXPECTS]: 'a CEL expression such as labels.team == "shop"',
      examples: ['name.startsWith("shop-") && labels["example.org/stage"] == "beta"'],
    }),
  ),
};

export const rule = Type.Object(
  {
    ...condition,
    says: text(
      'The environment; `nonproduction` for any but production; `nothing` for words that only look like an environment.',
    ),
    position: Type.Optional(
      Type.Unsafe<'anywhere' | 'first' | 'last'>({
        enum: ['anywhere', 'first', 'last'],
        description:
          'Where in the text the words have to stand; regions and numbers around them do not count. Default `anywhere`.',
      }),
    ),
    is_ordinary: Type.Optional(
      Type.Boolean({
        description:
          'Whether the words are also ordinary ones. Directly before another word (`test-kitchen-dev`) they give way to a word that can only mean an environment.',
      }),
    ),
    is_final: Type.Optional(
      Type.Boolean({
        description:
          'Whether nothing else is heard when it matches, not even a production word. For the few names that would be misread.',
      }),
    ),
  },
  {
    ...closed,
    description: 'What says which environment a namespace belongs to. Needs `words`, `pattern` or `when`.',
  },
);

export const tenantRule = Type.Object(
  {
    ...condition,
    tenant: text('The tenant of the namespaces that match.'),
    business_unit: Type.Optional(text('Its business unit.')),
  },
  {
    ...closed,
    description: 'Whose a namespace is. Two rules that name different tenants for one namespace name none.',
  },
);

const segment = Type.Object(
  {
    name: text('What the part is called in messages: `team`.'),
    values: Type.Optional(texts('The only values it may have.')),
    pattern: Type.Optional(pattern('What the whole part has to match, in RE2.')),
  },
  { ...closed, description: 'One part of a name between dashes.' },
);

export const standard = Type.Object(
  {
    id: id('The name by which findings call the standard.'),
    description: Type.Optional(text('What is expected, as advice for the reader of a finding.')),
    environments: Type.Optional(texts('Only namespaces of these environments. Default: all.')),
    except: Type.Optional(pattern('Names that it does not hold for; the whole name, in RE2.')),
    pattern: Type.Optional(pattern('What the whole name has to match, in RE2.')),
    segments: Type.Optional(
      Type.Array(segment, { description: 'The parts of the name between dashes, in order.', minItems: 1 }),
    ),
    max_length: Type.Optional(count('The most characters.')),
    required_labels: Type.Optional(texts('Labels that have to be there and not empty.')),
    needs_environment: Type.Optional(
      Type.Boolean({ description: 'Whether the environment has to be said without a contradiction.' }),
    ),
  },
  { ...closed, description: 'One expectation of the organization about namespaces.' },
);

export const ruleSet = Type.Object(
  {
    use_defaults: Type.Boolean({
      description:
        'Whether the built-in rules are used as well. A rule of yours with the id of a built-in one replaces it.',
      default: true,
    }),
    environments: Type.Record(
      Type.String({ pattern: ID_PATTERN }),
      Type.Object(
        {
          is_production: Type.Boolean({
            description: 'Whether it is treated as production.',
            default: false,
          }),
        },
        closed,
      ),
      {
        description:
          'Environments beside production, staging, development and testing. Rules can name no others.',
        default: {},
        additionalProperties: false,
        [EXPECTS]: 'a name in lower case',
      },
    ),
    nonproduction: Type.String({
      description: 'What `nonproduction` means when nothing else is said.',
      minLength: 1,
      default: NONPRODUCTION_IS,
    }),
    environment_keys: Type.Array(text('A key.'), {
      description:
        'Labels, annotations and fields of the owner that hold an environment. A value that no rule knows is a contradiction to anything but production. A list replaces the built-in one.',
      maxItems: MAX_WORDS,
      default: ENVIRONMENT_KEYS,
    }),
    hint_keys: Type.Array(text('A key.'), {
      description:
        'Keys that may hold an environment, or something else: a value that no rule knows is left alone.',
      maxItems: MAX_WORDS,
      default: HINT_KEYS,
    }),
    tenant_keys: Type.Array(text('A key.'), {
      description: 'Labels, annotations and fields of the owner whose value is the tenant.',
      maxItems: MAX_WORDS,
      default: TENANT_KEYS,
    }),
    business_unit_keys: Type.Array(text('A key.'), {
      description: 'Labels, annotations and fields of the owner whose value is the business unit.',
      maxItems: MAX_WORDS,
      default: BUSINESS_UNIT_KEYS,
    }),
    aliases: Type.Record(text('A former name.'), text('The present name.'), {
      description:
        'What was renamed: the present name of a tenant, a unit or an owner by its former one. Rules that name either hold for both.',
      maxProperties: MAX_ALIASES,
      default: {},
    }),
    rules: Type.Array(rule, {
      description: 'Rules about environments.',
      maxItems: MAX_RULES,
      default: [],
    }),
    tenants: Type.Array(tenantRule, {
      description: 'Rules about tenants and business units.',
      maxItems: MAX_RULES,
      default: [],
    }),
    standards: Type.Array(standard, {
      description: 'Naming standards, beside those of Kubernetes itself.',
      maxItems: MAX_RULES,
      default: [],
    }),
  },
  { ...closed, description: 'How namespaces are classified.' },
);

export type Rule = Static<typeof rule>;
export type TenantRule = Static<typeof tenantRule>;
export type Standard = Static<typeof standard>;
export type RuleSet = Static<typeof ruleSet>;

/** A rule set that says nothing of its own: the built-in rules alone. */
export const DEFAULT_RULE_SET: RuleSet = {
  use_defaults: true,
  environments: {},
  nonproduction: NONPRODUCTION_IS,
  environment_keys: ENVIRONMENT_KEYS,
  hint_keys: HINT_KEYS,
  tenant_keys: TENANT_KEYS,
  business_unit_keys: BUSINESS_UNIT_KEYS,
  aliases: {},
  rules: [],
  tenants: [],
  standards: [],
};
