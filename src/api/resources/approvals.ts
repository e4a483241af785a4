import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { applyCommand } from '../apply-command.ts';
import { APPROVAL_DEFAULTS } from '../../model/approval.ts';
import { claimedUser } from '../claimed-user.ts';
import { readIdempotencyKey } from '../idempotency-key.ts';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { subjectQuery } from '../subject-query.ts';
import {
  approvalSchema,
  approvalState,
  presentApproval,
  subjectKind,
  type ApprovalView,
} from '../views/present-approval.ts';
import { oneOf, pageOf, ref, tenantName } from '../views/schema.ts';
import { byField, idParameter, noParameters } from './id-parameter.ts';

const listParameters = Type.Object(
  {
    ...pageParameters,
    tenant: Type.Optional(tenantName),
    state: Type.Optional(approvalState),
    subject_kind: Type.Optional(subjectKind),
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

const answerBody = Type.Object(
  {
    by: Type.Optional(byField),
    comment: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Why.' })),
  },
  { additionalProperties: false, examples: [{ by: 'kim', comment: 'the ERP is back' }] },
);
/** The body may be left out altogether. */
const answerOrNothing = Type.Unsafe<{ readonly by?: string; readonly comment?: string } | null>({
  ...answerBody,
  type: ['object', 'null'],
});

const ANSWERS = [
  [
    'approve',
    'Approve it',
    'What it asks for is done at once, and once; `execution` says how far it is. Nobody approves what they asked for themselves, unless `approvals.four_eyes` is false.',
  ],
  ['reject', 'Reject it', 'What it asks for is not done.'],
] as const;

const name = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 253, description, examples: [example] });
const promotionBody = Type.Object(
  {
    tenant: Type.Optional(tenantName),
    cluster: name('The cluster that it is in.', 'eu-1'),
    namespace: name('Its name.', 'shop'),
    to: name('The environment that it is to become.', 'production'),
    by: Type.Optional(byField),
  },
  {
    additionalProperties: false,
    examples: [{ cluster: 'eu-1', namespace: 'shop', to: 'production', by: 'dora' }],
  },
);

/** Longer than this no question is worth an answer; the tool can ask again. */
const MAX_DEADLINE_MS = 90 * 86_400_000;
const requestBody = Type.Object(
  {
    tenant: Type.Optional(tenantName),
    subject: Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'What it is about, in words of your own; lists can be asked by it.',
      examples: ['deploy/shop'],
    }),
    question: Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'For people, in one sentence.',
      examples: ['May shop 1.4 go to production?'],
    }),
    deadline_ms: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: MAX_DEADLINE_MS,
        description: 'How long it waits. Default: `approvals.deadline`.',
        examples: [3_600_000],
      }),
    ),
    on_expiry: Type.Optional(
      oneOf(
        APPROVAL_DEFAULTS,
        'What holds when nobody has answered by then. Default: `approvals.on_expiry`.',
      ),
    ),
    by: Type.Optional(byField),
  },
  {
    additionalProperties: false,
    examples: [{ subject: 'deploy/shop', question: 'May shop 1.4 go to production?', by: 'ci' }],
  },
);

/** Decisions that wait for a person (BR-AP-019). */
export function approvalRoutes(services: Services): FastifyPluginAsyncTypebox {
  const { reader } = services;
  const show = async (id: string): Promise<ApprovalView> => {
    const approval = await reader.approval(id);
    if (!approval) throw new Problem('not_found', `There is no approval ${id}, or it is no longer kept.`);
    return presentApproval(approval);
  };
  const tags = ['approvals'];

  return async (app) => {
    app.get(
      '/approvals',
      {
        schema: {
          operationId: 'listApprovals',
          tags,
          summary: 'List approvals',
          description: 'Newest first.',
          querystring: listParameters,
          response: answers(pageOf(ref(approvalSchema)), 400),
        },
      },
      async (request, reply) => {
        const { subject_kind, subject_id, ...query } = request.query;
        const subject = subjectQuery({ subject_kind, subject_id });
        const page = await reader.approvals({ ...pageQuery(query), ...subject });
        return answerPage(request, reply, page, presentApproval);
      },
    );

    app.get(
      '/approvals/:id',
      {
        schema: {
          operationId: 'getApproval',
          tags,
          summary: 'Show an approval',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(approvalSchema), 400, 404),
        },
      },
      async (request) => show(request.params.id),
    );

    app.post(
      '/approvals',
      {
        schema: {
          operationId: 'requestApproval',
          tags,
          summary: 'Ask for an approval',
          description:
            'For other tools. The hub asks people and does nothing itself: look for `state` of the answer, or listen to the live stream. With the header `Idempotency-Key` a repeat finds what was asked first, for as long as it is kept; in other words under the same key it is refused. At most 1,000 wait at a time.',
          querystring: noParameters,
          body: requestBody,
          response: answers(ref(approvalSchema), 400, 409, 422, 503),
        },
      },
      async (request) => {
        const { tenant = 'default', by, subject, question, deadline_ms, on_expiry } = request.body;
        const key = readIdempotencyKey(request);
        const result = await services.command({
          kind: 'request_approval',
          tenant,
          subject,
          question,
          by: claimedUser(request, by),
          ...(deadline_ms === undefined ? {} : { deadlineMs: deadline_ms }),
          ...(on_expiry === undefined ? {} : { onExpiry: on_expiry }),
          ...(key === undefined ? {} : { idempotencyKey: key }),
        });
        if (!result.ok) throw new Problem(result.code, result.detail);
        return show(result.id!);
      },
    );

    app.post(
      '/promotions',
      {
        schema: {
          operationId: 'requestPromotion',
          tags,
          summary: 'Ask whether a namespace may become another environment',
          description:
            'Refused when no gate of `approvals.promotions` leads there from the environment that it is in, or to whoever may not ask. When all have agreed that the gate names, it is recorded.',
          querystring: noParameters,
          body: promotionBody,
          response: answers(ref(approvalSchema), 400, 404, 409, 422, 503),
        },
      },
      async (request) => {
        const { tenant = 'default', by, ...asked } = request.body;
        const who = claimedUser(request, by);
        const result = await services.command({ kind: 'request_promotion', tenant, ...asked, by: who });
        if (!result.ok) throw new Problem(result.code, result.detail);
        return show(result.id!);
      },
    );

    for (const [answer, summary, description] of ANSWERS) {
      app.post(
        `/approvals/:id/${answer}`,
        {
          schema: {
            operationId: `${answer}Approval`,
            tags,
            summary,
            description: `${description} An answer is final; of two at the same moment one stands.`,
            params: idParameter,
            querystring: noParameters,
            body: answerOrNothing,
            response: answers(ref(approvalSchema), 400, 404, 409, 503),
          },
        },
        async (request) => {
          const { id } = request.params;
          const body = request.body ?? {};
          const comment = body.comment === undefined ? {} : { comment: body.comment };
          const by = claimedUser(request, body.by);
          await applyCommand(services.command({ kind: 'answer_approval', id, answer, by, ...comment }));
          return show(id);
        },
      );
    }
  };
}
