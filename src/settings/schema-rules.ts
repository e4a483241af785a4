import { EXPRESSION_MEDIA_TYPE, Type } from '@signalbox/sdk';
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

const PRIORITIES = ['critical', 'warning', 'info'] as const;
const MAX_RULES = 2_000;

/** The two ways to say which alerts are meant; shared by everything that has conditions. */
export const conditionFields = {
  when: Type.Optional(
    Type.String({
      description:
        'A CEL expression over `alert`, `facts`, `integration` and `now` that is true or false. Together with `matchers` both must hold.',
      contentMediaType: EXPRESSION_MEDIA_TYPE,
      minLength: 1,
      maxLength: 4_096,
      [EXPECTS]: 'a CEL expression such as alert.severity == "info"',
      examples: ['alert.labels.team == "shop" && facts.environment != "production"'],
    }),
  ),
  matchers: Type.Optional(
    oneOrMore(text, {
      description: 'Matchers in Alertmanager’s syntax; all must match.',
      [EXPECTS]: 'a matcher such as severity="critical", or a list of them',
      examples: [['severity="info"', 'team=~"shop|pay"']],
    }),
  ),
};

const texts = (description: string, example: Readonly<Record<string, string>>) =>
  Type.Record(Type.String({ minLength: 1 }), Type.String(), {
    description,
    default: {},
    examples: [example],
  });

export const rule = section(
  {
    id: Type.Optional(
      Type.String({
        description: 'By which decisions, metrics and `signalbox rules` call it; unique.',
        pattern: ID_PATTERN,
        [EXPECTS]: ID_EXPECTS,
        [DEFAULT_TEXT]: '`rule-` and its place in the list, from 1',
        examples: ['quiet-batch-jobs'],
      }),
    ),
    ...conditionFields,
    filter: Type.Optional(
      text({
        description: 'An integration whose connector is a filter: it decides whether to hold, with a reason.',
        examples: ['night-shift'],
      }),
    ),
    hold: Type.Optional(
      Type.String({
        description:
          'Nobody is told about the alerts while the rule matches them; they are kept and shown with this reason. What critical alerts in production are about is held as well, so mind the condition.',
        examples: ['batch jobs are looked at in the morning'],
      }),
    ),
    set: section(
      {
        priority: Type.Optional(
          choice(PRIORITIES, {
            description: 'How urgent its deliveries are.',
            [DEFAULT_TEXT]: 'by severity',
          }),
        ),
        labels: texts('Labels that it gets, for routes and later rules; an empty text removes one.', {
          team: 'shop',
        }),
        annotations: texts('Annotations that it gets; an empty text removes one.', {
          runbook_url: 'https://example.org/runbook',
        }),
      },
      { description: 'What changes about the alert.', default: {} },
    ),
    stop: Type.Boolean({ description: 'Whether rules after this one are left out.', default: false }),
  },
  { description: 'What happens to alerts that a condition holds for.' },
);

export const rules = Type.Array(rule, {
  description:
    'Tried in their order for every statement about an alert; each sees what those before it set. A rule holds and never deletes.',
  maxItems: MAX_RULES,
  default: [],
});
