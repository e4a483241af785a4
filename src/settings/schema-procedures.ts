import { Type } from '@signalbox/sdk';
import { circumstanceFields } from './schema-circumstances.ts';
import { EXPECTS, ID_EXPECTS, ID_PATTERN, positiveDuration, section, text } from './schema-fields.ts';

const MAX_LEVELS = 20;
const MAX_CRITERIA = 1_000;
const MAX_GRADES = 50;
// What a level asks for is stored with each alert.
const MAX_STEPS = 10;
const MAX_STEP_CHARACTERS = 200;

const named = { pattern: ID_PATTERN, [EXPECTS]: ID_EXPECTS };

const level = section(
  {
    id: Type.String({ description: 'What responders call it; unique.', ...named, examples: ['SEV1'] }),
    title: Type.Optional(
      text({ description: 'What it is.', examples: ['Customers can’t do what they pay for'] }),
    ),
    acknowledge_within: Type.Optional(
      positiveDuration({
        description:
          'By when somebody has to acknowledge, counted from the moment at which the level was given. What nobody acknowledged by then is overdue.',
        examples: ['5m'],
      }),
    ),
    update_every: Type.Optional(
      positiveDuration({ description: 'How often people are kept informed. Shown only.', examples: ['30m'] }),
    ),
    lead: Type.Optional(
      text({
        description: 'Who leads the response: a role, a team, a receiver. Shown only.',
        maxLength: 100,
        examples: ['incident commander'],
      }),
    ),
    runbook_url: Type.Optional(
      Type.String({
        description: 'What to do, in full.',
        pattern: '^https?://[^\\s]+$',
        maxLength: 2_000,
        [EXPECTS]: 'an http or https address',
        examples: ['https://example.org/incidents/sev1'],
      }),
    ),
    steps: Type.Array(text({ description: 'One step.', maxLength: MAX_STEP_CHARACTERS }), {
      description: 'The first steps, for whoever is told.',
      maxItems: MAX_STEPS,
      default: [],
      examples: [['Page the incident commander', 'Open a call', 'Tell the status page']],
    }),
  },
  { description: 'One level of criticality and what it asks for.' },
);

const levelName = text({ description: 'The level.', examples: ['SEV1'] });

const criterion = section(
  {
    id: Type.String({
      description: 'By which assessments and reports call it; unique.',
      ...named,
      examples: ['customer-data-exposed'],
    }),
    source: Type.Optional(
      text({ description: 'Where the organization says so.', examples: ['Incident response, section 2.2'] }),
    ),
    ...circumstanceFields,
    level: levelName,
  },
  { description: 'What has a level of its own. All its conditions have to hold.' },
);

const grade = section(
  {
    id: Type.String({
      description: 'Its name in the matrix. A degree may stand in the list more than once.',
      ...named,
      examples: ['extensive'],
    }),
    ...circumstanceFields,
  },
  { description: 'One degree. All its conditions have to hold.' },
);

const grades = (description: string) =>
  Type.Array(grade, {
    description: `${description} Asked in their order; the last one has no conditions and takes whatever is left.`,
    maxItems: MAX_GRADES,
    default: [],
  });

export const procedures = section(
  {
    source: Type.Optional(
      text({ description: 'The document that says so.', examples: ['Incident response, edition 4'] }),
    ),
    levels: Type.Array(level, {
      description: 'The levels, the gravest first.',
      minItems: 1,
      maxItems: MAX_LEVELS,
    }),
    criteria: Type.Array(criterion, {
      description: 'What has a level of its own; the first that holds decides, before the matrix is asked.',
      maxItems: MAX_CRITERIA,
      default: [],
    }),
    impact: grades('How much of the business is affected.'),
    urgency: grades('How soon it has to be looked at.'),
    matrix: Type.Record(
      Type.String(named),
      Type.Record(Type.String(named), levelName, {
        additionalProperties: false,
        [EXPECTS]: ID_EXPECTS,
      }),
      {
        description: 'The level by impact and urgency. Every pair has one.',
        maxProperties: MAX_GRADES,
        additionalProperties: false,
        [EXPECTS]: ID_EXPECTS,
        default: {},
        examples: [{ extensive: { high: 'SEV1', low: 'SEV3' }, minor: { high: 'SEV3', low: 'SEV4' } }],
      },
    ),
  },
  { description: 'How critical alerts and incidents are, and what has to be done about them.' },
);
