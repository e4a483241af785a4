import { Type } from '@signalbox/sdk';
import {
  choice,
  EXPECTS,
  ID_EXPECTS,
  ID_PATTERN,
  oneOrMore,
  positiveDuration,
  section,
  text,
} from './schema-fields.ts';
import { circumstanceFields } from './schema-circumstances.ts';
import { procedures } from './schema-procedures.ts';

const MAX_POLICIES = 5_000;
const MAX_NAMED = 1_000;

const named = { pattern: ID_PATTERN, [EXPECTS]: ID_EXPECTS };

const slo = section(
  {
    title: Type.Optional(text({ description: 'What people call it.' })),
    objective: Type.Number({
      description: 'The percentage that has to be good.',
      exclusiveMinimum: 0,
      maximum: 100,
      examples: [99.9],
    }),
    window: positiveDuration({ description: 'Over which time.', default: '30d' }),
  },
  { description: 'A service level objective.' },
);

const ranges = (day: string) =>
  Type.Optional(
    Type.Array(text({ description: 'From when until when.' }), {
      description: `The open times of ${day}; none when left out.`,
      examples: [['09:00-17:30']],
    }),
  );

const businessHours = section(
  {
    time_zone: text({ description: 'A name of the IANA time zone database.', examples: ['Europe/Berlin'] }),
    hours: section(
      {
        mon: ranges('Mondays'),
        tue: ranges('Tuesdays'),
        wed: ranges('Wednesdays'),
        thu: ranges('Thursdays'),
        fri: ranges('Fridays'),
        sat: ranges('Saturdays'),
        sun: ranges('Sundays'),
      },
      { description: 'Ranges by day, on the clock of the zone; summer time is kept.' },
    ),
    holidays: Type.Array(text({ description: 'A date.' }), {
      description: 'Dates on which it stays closed.',
      default: [],
      examples: [['2026-12-24']],
    }),
    calendars: Type.Array(text({ description: 'A path.' }), {
      description: 'iCalendar files whose all-day events are holidays (RFC 5545).',
      default: [],
      examples: [['holidays.ics']],
    }),
  },
  { description: 'When people are at work.' },
);

const costCenter = section(
  {
    title: Type.Optional(text({ description: 'What people call it.' })),
    currency: Type.String({
      description: 'Three capital letters (ISO 4217).',
      pattern: '^[A-Z]{3}$',
      [EXPECTS]: 'a currency such as EUR',
      default: 'EUR',
    }),
    budget: Type.Optional(
      Type.Number({
        description: 'What there is for a calendar month, in UTC. Without it alerts are only counted.',
        minimum: 0,
        maximum: 1e12,
        multipleOf: 0.01,
        examples: [1200],
      }),
    ),
    allocation: Type.Record(Type.String(named), Type.Number({ minimum: 0, maximum: 100 }), {
      description: 'Percent of the budget by environment, 100 in all at most. What is left is not allocated.',
      default: {},
      examples: [{ production: 80, staging: 20 }],
    }),
  },
  { description: 'Who pays.' },
);

const policySet = section(
  {
    priority: Type.Optional(
      choice(['critical', 'warning', 'info'], {
        description: 'The delivery priority in place of the one that the severity gives.',
      }),
    ),
    criticality: Type.Optional(
      Type.String({
        description: 'How much it matters, by a word of yours.',
        ...named,
        examples: ['tier-1'],
      }),
    ),
    slo: Type.Optional(
      Type.Union(
        [
          text({ description: 'The name of an SLO.' }),
          Type.Record(Type.String(named), text({ description: 'The name of an SLO.' })),
        ],
        {
          description: 'An SLO, or one for each environment, with `default` for the others.',
          [EXPECTS]: 'the name of an SLO, or a map of environments to names',
          examples: [{ production: 'gold', default: 'bronze' }],
        },
      ),
    ),
    cost_center: Type.Optional(text({ description: 'The name of a cost center.', examples: ['CC-100'] })),
    business_unit: Type.Optional(text({ description: 'Whose it is.', examples: ['retail'] })),
    compliance: Type.Optional(
      oneOrMore((options) => Type.String({ ...options, ...named }), {
        description: 'Tags of regulations that apply. Those of all policies that hold add up.',
        examples: [['pci-dss']],
      }),
    ),
  },
  { description: 'What the policy says. For each value the first policy that holds decides.' },
);

export const policy = section(
  {
    id: Type.String({
      description: 'The name by which reasons and reports call it; unique.',
      ...named,
      examples: ['production-around-the-clock'],
    }),
    source: Type.Optional(
      text({
        description: 'Where the organization says so, for whoever asks why.',
        examples: ['SLA 2026, section 4'],
      }),
    ),
    ...circumstanceFields,
    set: policySet,
  },
  { description: 'One rule of the organization. All its conditions have to hold.' },
);

export const priority = section(
  {
    policies: Type.Array(policy, {
      description: 'Policies in the order in which they are asked; exceptions stand before what is general.',
      maxItems: MAX_POLICIES,
      default: [],
    }),
    slos: Type.Record(Type.String(named), slo, {
      description: 'Service level objectives by name.',
      maxProperties: MAX_NAMED,
      additionalProperties: false,
      [EXPECTS]: ID_EXPECTS,
      default: {},
      examples: [{ gold: { objective: 99.95, window: '30d' } }],
    }),
    business_hours: Type.Record(Type.String(named), businessHours, {
      description: 'Business hours by name.',
      maxProperties: MAX_NAMED,
      additionalProperties: false,
      [EXPECTS]: ID_EXPECTS,
      default: {},
      examples: [{ office: { time_zone: 'Europe/Berlin', hours: { mon: ['09:00-17:30'] } } }],
    }),
    cost_centers: Type.Record(Type.String(named), costCenter, {
      description: 'Cost centers by name.',
      maxProperties: MAX_NAMED,
      additionalProperties: false,
      [EXPECTS]: ID_EXPECTS,
      default: {},
      examples: [{ 'CC-100': { title: 'Shop', budget: 1200 } }],
    }),
    procedures: Type.Optional(procedures),
  },
  {
    description:
      'How much alerts matter to the business, who pays, and what applies to them (docs/priority.md).',
    default: {},
  },
);
