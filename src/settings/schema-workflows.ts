import { TEMPLATE_MEDIA_TYPE, Type } from '@signalbox/sdk';
import { APPROVAL_DEFAULTS } from '../model/approval.ts';
import { WORKFLOW_MOMENTS } from '../model/workflow-settings.ts';
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

const MAX_WORKFLOWS = 200;
const MAX_INPUTS = 50;

const approval = section(
  {
    deadline: Type.Optional(
      positiveDuration({
        description: 'How long it waits for an answer.',
        [DEFAULT_TEXT]: '`approvals.deadline`, or `1d`',
        examples: ['1h'],
      }),
    ),
    on_expiry: Type.Optional(
      choice(APPROVAL_DEFAULTS, {
        description: 'What holds when nobody has answered by then.',
        [DEFAULT_TEXT]: '`approvals.on_expiry`, or `reject`',
      }),
    ),
  },
  {
    description:
      'The run is started only after a person has approved it (`/api/v1/approvals`). Left out, nobody is asked.',
    examples: [{ deadline: '1h' }],
  },
);

const workflow = section(
  {
    id: text({
      description: 'By which runs, explanations and metrics call it; unique.',
      pattern: ID_PATTERN,
      [EXPECTS]: ID_EXPECTS,
      examples: ['restart-stuck-consumer'],
    }),
    on: choice(WORKFLOW_MOMENTS, {
      description:
        'When it is handed over: an alert begins to fire, an alert has resolved, or an incident was opened. Of an incident the conditions look at the alert that most likely caused it.',
      default: 'firing',
    }),
    ...conditionFields,
    integration: text({
      description: 'The engine: an integration whose connector is a workflow engine.',
      examples: ['argo'],
    }),
    inputs: Type.Record(
      Type.String({ minLength: 1, maxLength: 100 }),
      Type.String({
        description: 'A Liquid template.',
        contentMediaType: TEMPLATE_MEDIA_TYPE,
        maxLength: 4_096,
      }),
      {
        description:
          'What the engine is given, by name: Liquid templates over `alert` (`labels`, `annotations`, `facts`, `context` …), `incident` and all else that a notification has.',
        maxProperties: MAX_INPUTS,
        default: {},
        examples: [
          { namespace: '{{ alert.labels.namespace }}', deployment: '{{ alert.labels.deployment }}' },
        ],
      },
    ),
    approval: Type.Optional(approval),
    watch_for: positiveDuration({
      description: 'How long the engine is asked how a run goes on. After that its end stays unknown.',
      default: '1d',
      examples: ['2h'],
    }),
  },
  { description: 'What is handed to a workflow engine, once per episode of an alert and once per incident.' },
);

export const workflows = Type.Array(workflow, {
  description:
    'Hand-over to workflow engines: whatever a rule takes starts a run there (docs/workflows.md). Every rule that takes it does, in no order.',
  maxItems: MAX_WORKFLOWS,
  default: [],
  examples: [
    [
      {
        id: 'restart-stuck-consumer',
        matchers: ['alertname="ConsumerStuck"'],
        integration: 'argo',
        inputs: { namespace: '{{ alert.labels.namespace }}' },
        approval: { deadline: '1h' },
      },
    ],
  ],
});
