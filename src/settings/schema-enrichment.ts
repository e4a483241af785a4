import { Type } from '@signalbox/sdk';
import {
  choice,
  DEFAULT_TEXT,
  EXPECTS,
  ID_EXPECTS,
  ID_PATTERN,
  positiveDuration,
  section,
  text,
} from './schema-fields.ts';
import { conditionFields } from './schema-rules.ts';

const enrichmentEntry = section(
  {
    id: text({
      description: 'What it is called in decisions, metrics and `missing`.',
      pattern: ID_PATTERN,
      [EXPECTS]: ID_EXPECTS,
      examples: ['owners'],
    }),
    integration: Type.Optional(
      text({
        description: 'The integration that is asked; its connector must be an enricher.',
        [DEFAULT_TEXT]: 'either this or `builtin`',
        examples: ['owner-table'],
      }),
    ),
    builtin: Type.Optional(
      choice(['history'], {
        description:
          'What needs no integration. `history`: earlier episodes of the same alert, and who was told of them.',
        [DEFAULT_TEXT]: 'either this or `integration`',
      }),
    ),
    ...conditionFields,
    ttl: positiveDuration({
      description:
        'How long an answer is good for. That nothing is known is believed for a minute at most, a failure for ten seconds.',
      default: '5m',
    }),
    timeout: Type.Optional(
      positiveDuration({
        description: 'How long one question may take; not longer than `enrichment_budget`.',
        [DEFAULT_TEXT]: '`2s`, or the budget when that is less',
        examples: ['1s'],
      }),
    ),
    as: Type.Optional(
      text({
        description: 'The name of the answer in the alert’s `context`.',
        pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,63}$',
        [EXPECTS]: 'a name of up to 64 letters, digits, "-" and "_", starting with a letter or "_"',
        [DEFAULT_TEXT]: 'the id',
        examples: ['owner'],
      }),
    ),
  },
  { description: 'One question that is asked about alerts.' },
);

export const enrichment = Type.Array(enrichmentEntry, {
  description:
    'What is found out about alerts before they are decided on, side by side. Answers are kept for a while; what fails or is late is left out and named.',
  default: [],
  examples: [[{ id: 'owners', integration: 'owner-table', ttl: '1h' }]],
});

export const enrichmentBudget = positiveDuration({
  description:
    'How long alerts wait for all enrichments together; then they go on without what is missing (BR-PERF-008).',
  default: '3s',
});
