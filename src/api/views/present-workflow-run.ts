import { Type, type Static } from '@signalbox/sdk';
import { RUN_STATUSES, RUN_SUBJECTS, type WorkflowRun } from '../../model/workflow-run.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, priority, stringMap, tenantName, timestamp } from './schema.ts';

export const runStatus = oneOf(
  RUN_STATUSES,
  '`waiting`: for an approval. `starting`: the engine is asked to start it. `running`: it is asked how it goes on. `started`: the engine took it and tells no more. `refused`: nobody approved it. `canceled`: what it was for was over before it was started, or a person gave it up. `unknown`: nobody can tell whether it was started, or how it ended.',
);

export const runSubjectKind = oneOf(RUN_SUBJECTS, 'What kind of thing it is about.');

export const workflowRunSchema = Type.Object(
  {
    id: Type.String({ examples: ['w_0193f0c2a4b1c93e5f00112233445566'] }),
    tenant: tenantName,
    status: runStatus,
    rule: Type.String({
      description: 'The workflow of the configuration.',
      examples: ['restart-stuck-consumer'],
    }),
    integration: Type.String({ description: 'The engine.', examples: ['argo'] }),
    trigger: oneOf(
      ['firing', 'resolved', 'incident', 'person'],
      'Why: the alert fires, it has resolved, an incident was opened, or a person asked for it.',
    ),
    subject: Type.Object(
      {
        kind: runSubjectKind,
        id: Type.String({ description: 'A fingerprint, or the id of the incident.' }),
      },
      { description: 'What it is about.' },
    ),
    episode: Type.Optional(Type.Integer({ minimum: 1, description: 'Of the alert.' })),
    title: Type.String({ description: 'What people call what it is about.', examples: ['ConsumerStuck'] }),
    priority,
    inputs: stringMap('What the engine is given.', { namespace: 'shop' }),
    words: Type.Optional(
      Type.String({ description: 'The newest that is to be said of it.', examples: ['Running'] }),
    ),
    requested_by: Type.Optional(
      Type.String({
        description: 'Who asked for it, as claimed; absent: the hub itself.',
        examples: ['ada'],
      }),
    ),
    approved_by: Type.Optional(Type.String({ description: 'Who agreed, as claimed.', examples: ['kim'] })),
    approval: Type.Optional(Type.String({ description: 'The approval that it waits for, or waited for.' })),
    delivery: Type.Optional(Type.String({ description: 'The delivery that starts it.' })),
    reference: Type.Optional(Type.String({ description: 'The engine’s id of it.', examples: ['fix-7xk2p'] })),
    created_at: timestamp('When it was decided on.'),
    changed_at: timestamp('When its status changed last.'),
    started_at: Type.Optional(timestamp('When the engine had taken it.')),
    ended_at: Type.Optional(timestamp('When it was over.')),
    asked: Type.Integer({ minimum: 0, description: 'How often the engine was asked how it goes on.' }),
    next_question_at: Type.Optional(timestamp('When the engine is asked next.')),
  },
  { $id: 'WorkflowRun', description: 'An alert or an incident that was handed to a workflow engine.' },
);
export type WorkflowRunView = Static<typeof workflowRunSchema>;

export function presentWorkflowRun(run: WorkflowRun): WorkflowRunView {
  return {
    id: run.id,
    tenant: run.tenant,
    status: run.status,
    rule: run.rule,
    integration: run.integration,
    trigger: run.trigger,
    subject: run.subject,
    ...(run.episode === undefined ? {} : { episode: run.episode }),
    title: run.title,
    priority: run.priority,
    inputs: run.inputs,
    ...(run.words === undefined ? {} : { words: run.words }),
    ...(run.requestedBy === undefined ? {} : { requested_by: run.requestedBy }),
    ...(run.approvedBy === undefined ? {} : { approved_by: run.approvedBy }),
    ...(run.approvalId === undefined ? {} : { approval: run.approvalId }),
    ...(run.deliveryId === undefined ? {} : { delivery: run.deliveryId }),
    ...(run.reference === undefined ? {} : { reference: run.reference }),
    created_at: rfc3339(run.createdAt),
    changed_at: rfc3339(run.changedAt),
    ...(run.startedAt === undefined ? {} : { started_at: rfc3339(run.startedAt) }),
    ...(run.endedAt === undefined ? {} : { ended_at: rfc3339(run.endedAt) }),
    asked: run.asked,
    ...(run.dueAt === undefined ? {} : { next_question_at: rfc3339(run.dueAt) }),
  };
}
