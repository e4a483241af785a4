import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { isOver } from '../../model/workflow-run.ts';
import { claimedUser } from '../claimed-user.ts';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { subjectQuery } from '../subject-query.ts';
import {
  presentWorkflowRun,
  runStatus,
  runSubjectKind,
  workflowRunSchema,
  type WorkflowRunView,
} from '../views/present-workflow-run.ts';
import { fingerprint, pageOf, ref, tenantName, wordFilter } from '../views/schema.ts';
import { byField, idParameter, noParameters } from './id-parameter.ts';

/** Runs of one alert that are looked through for one that has not ended. */
const LOOKED_THROUGH = 50;

const listParameters = Type.Object(
  {
    ...pageParameters,
    tenant: Type.Optional(tenantName),
    status: Type.Optional(runStatus),
    rule: wordFilter('Only of this workflow.'),
    subject_kind: Type.Optional(runSubjectKind),
    subject_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: 'Only about this one; goes with `subject_kind`.',
      }),
    ),
  },
  { additionalProperties: false },
);

const startBody = Type.Object(
  {
    workflow: Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'A workflow of the configuration. Whether its conditions take the alert does not matter.',
      examples: ['restart-stuck-consumer'],
    }),
    tenant: Type.Optional(tenantName),
    by: Type.Optional(byField),
  },
  { additionalProperties: false, examples: [{ workflow: 'restart-stuck-consumer', by: 'ada' }] },
);

/** What was handed to workflow engines (BR-AP-017). */
export function workflowRunRoutes(services: Services): FastifyPluginAsyncTypebox {
  const { reader } = services;
  const tags = ['workflows'];
  const show = async (id: string): Promise<WorkflowRunView> => {
    const run = await reader.workflowRun(id);
    if (!run) throw new Problem('not_found', `There is no workflow run ${id}, or it is no longer kept.`);
    return presentWorkflowRun(run);
  };

  return async (app) => {
    app.get(
      '/workflow-runs',
      {
        schema: {
          operationId: 'listWorkflowRuns',
          tags,
          summary: 'List runs of workflows',
          description: 'Newest first.',
          querystring: listParameters,
          response: answers(pageOf(ref(workflowRunSchema)), 400),
        },
      },
      async (request, reply) => {
        const { subject_kind, subject_id, ...query } = request.query;
        const subject = subjectQuery({ subject_kind, subject_id });
        const page = await reader.workflowRuns({ ...pageQuery(query), ...subject });
        return answerPage(request, reply, page, presentWorkflowRun);
      },
    );

    app.get(
      '/workflow-runs/:id',
      {
        schema: {
          operationId: 'getWorkflowRun',
          tags,
          summary: 'Show a run of a workflow',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(workflowRunSchema), 400, 404),
        },
      },
      async (request) => show(request.params.id),
    );

    app.post(
      '/alerts/:fingerprint/workflow',
      {
        schema: {
          operationId: 'startWorkflow',
          tags,
          summary: 'Hand an alert to a workflow engine',
          description:
            'Answers once it is decided and stored; the engine is asked after that. Where the workflow has an `approval`, somebody else has to agree first. Refused while a run of the same workflow for this alert has not ended.',
          params: Type.Object({ fingerprint }),
          querystring: noParameters,
          body: startBody,
          response: answers(ref(workflowRunSchema), 400, 404, 409, 422, 503),
        },
      },
      async (request) => {
        const { fingerprint: id } = request.params;
        const { workflow: rule, tenant = 'default' } = request.body;
        if (!(await reader.alert(tenant, id)))
          throw new Problem('not_found', `Tenant ${tenant} has no alert with the fingerprint ${id}.`);
        const subject = { kind: 'alert', id } as const;
        const runs = await reader.workflowRuns({ tenant, rule, subject, limit: LOOKED_THROUGH });
        const open = runs.items.find((run) => !isOver(run));
        if (open) throw new Problem('conflict', `The run ${open.id} of ${rule} is ${open.status}.`);
        const by = claimedUser(request, request.body.by);
        const result = await services.command({ kind: 'start_workflow', rule, tenant, fingerprint: id, by });
        if (!result.ok) throw new Problem(result.code, result.detail);
        return show(result.id!);
      },
    );
  };
}
