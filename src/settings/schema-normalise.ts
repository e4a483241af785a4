import { EXPRESSION_MEDIA_TYPE, Type } from '@signalbox/sdk';
import { RELABEL_ACTIONS } from '../model/normalise-settings.ts';
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
import { conditionFields } from './schema-rules.ts';

const MAX_ITEMS = 1_000;

const id = (fallback: string) =>
  Type.Optional(
    Type.String({
      description: 'By which decisions call it; unique.',
      pattern: ID_PATTERN,
      [EXPECTS]: ID_EXPECTS,
      [DEFAULT_TEXT]: fallback,
    }),
  );

export const eventSchema = section(
  {
    id: id('`schema-` and its place in the list, from 1'),
    integrations: oneOrMore(text, {
      description: 'Whose events it is for.',
      default: [],
      [DEFAULT_TEXT]: 'all',
      examples: [['ci']],
    }),
    schema: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          'JSON Schema 2020-12 of the data of an event: `status`, `labels`, `annotations`, `startsAt`, `details` and so on.',
        examples: [{ properties: { labels: { required: ['team'] } } }],
      }),
    ),
    file: Type.Optional(
      text({
        description: 'The schema in a file of its own, in JSON or YAML, relative to the file that says so.',
        examples: ['./event.schema.json'],
      }),
    ),
    on_invalid: choice(['go_on', 'hold'] as const, {
      description:
        'What happens to an event that does not fit. Either way a decision says what is wrong with it.',
      default: 'go_on',
    }),
  },
  { description: 'What events have to look like.' },
);

const expressions = (description: string, example: Readonly<Record<string, string>>) =>
  Type.Record(
    Type.String({ minLength: 1 }),
    Type.String({ contentMediaType: EXPRESSION_MEDIA_TYPE, minLength: 1, maxLength: 4_096 }),
    { description, default: {}, examples: [example] },
  );

export const mapping = section(
  {
    id: id('`mapping-` and its place in the list, from 1'),
    ...conditionFields,
    labels: expressions(
      'Labels by name, as CEL over what conditions name. What gives nothing leaves what is there.',
      {
        service: 'default(alert.labels.app, alert.details.component)',
      },
    ),
    annotations: expressions('Annotations by name, as CEL.', { summary: 'alert.details.message' }),
  },
  { description: 'Carries fields of one format over to those of another.' },
);

export const relabelStep = section(
  {
    action: choice(RELABEL_ACTIONS, {
      description: 'What it does. What `keep`, `drop`, `keepequal` and `dropequal` drop is held.',
      default: 'replace',
    }),
    source_labels: Type.Array(text({ description: 'A label.' }), {
      description: 'Whose values are joined. `__integration__` and `__tenant__` are there as well.',
      default: [],
      examples: [['app', 'component']],
    }),
    separator: Type.String({ description: 'What stands between the values.', default: ';' }),
    regex: Type.String({
      description: 'RE2; it has to match the whole value.',
      default: '(.*)',
      maxLength: 1_000,
    }),
    modulus: Type.Integer({ description: 'For `hashmod`.', minimum: 0, default: 0 }),
    target_label: Type.String({
      description: 'Which label is written; may hold groups of the match for `replace`.',
      default: '',
      examples: ['service'],
    }),
    replacement: Type.String({ description: 'What is written, with groups of the match.', default: '$1' }),
  },
  { description: 'One step of relabelling, in Prometheus’ words and with their meaning.' },
);

const scale = {
  description:
    'From what senders say to the severity of the organization. The left side is a word in any case, a number, or a range of numbers such as `4-5`.',
  default: {},
  examples: [{ sev1: 'critical', '4-5': 'critical', '0-1': 'info' }],
};

export const normalise = section(
  {
    event_schemas: Type.Array(eventSchema, {
      description: 'Schemas that events are checked against, as they came.',
      default: [],
      maxItems: MAX_ITEMS,
    }),
    mappings: Type.Array(mapping, {
      description: 'Field mappings, in their order.',
      default: [],
      maxItems: MAX_ITEMS,
    }),
    relabel: Type.Array(relabelStep, {
      description: 'Steps of relabelling, in their order.',
      default: [],
      maxItems: MAX_ITEMS,
    }),
    severity_labels: Type.Array(text({ description: 'A label.' }), {
      description: 'The first of these labels that an alert has is its severity.',
      default: ['severity'],
      examples: [['severity', 'level', 'priority']],
    }),
    severities: Type.Record(Type.String(), text({ description: 'A severity.' }), scale),
    severities_of: Type.Record(
      Type.String(),
      Type.Record(Type.String(), text({ description: 'A severity.' })),
      {
        description: 'Scales of single integrations, by their id; they go before the general one.',
        default: {},
        examples: [{ zabbix: { '4-5': 'critical', '2-3': 'warning' } }],
      },
    ),
  },
  {
    description:
      'Brings alerts of many senders into one form: schemas, then mappings, then relabelling, then severities. The fingerprint is that of the labels as they came.',
    default: {},
  },
);
