import { Type } from '@signalbox/sdk';
import { positiveDuration, section, text } from './schema-fields.ts';
import { conditionFields } from './schema-rules.ts';

const taskFields = {
  ...conditionFields,
  timeout: positiveDuration({
    description: 'How long one answer may take; then there is none. Nobody waits for it.',
    default: '30s',
  }),
  rate: section(
    {
      requests: Type.Integer({ description: 'How many questions.', minimum: 1, default: 30 }),
      per: positiveDuration({ description: 'In which time.', default: '1m' }),
    },
    {
      description:
        'How many alerts are asked about at most; others wait, up to 100 of them, and what comes then is left out and counted.',
      default: {},
    },
  ),
};

const analyst = section(
  {
    integration: text({
      description: 'The integration that is asked; its connector must be an analyst.',
      examples: ['language-model'],
    }),
    ...taskFields,
  },
  {
    description: 'Who writes a summary, a probable cause and a runbook.',
    examples: [{ integration: 'language-model', matchers: ['severity="critical"'] }],
  },
);

const scorer = section(
  {
    integration: text({
      description: 'The integration that is asked; its connector must be a scorer.',
      examples: ['relevance'],
    }),
    ...taskFields,
  },
  {
    description: 'Who judges from outside how relevant an alert is.',
    examples: [{ integration: 'relevance' }],
  },
);

export const analysis = section(
  { analyst: Type.Optional(analyst), scorer: Type.Optional(scorer) },
  {
    description:
      'Machines that have something to say about new episodes of alerts, in the background and without secrets and personal data (docs/analysis.md). Their answers appear at the alert; nobody is told earlier, later or not at all because of them. Off unless it is written.',
    default: {},
  },
);
