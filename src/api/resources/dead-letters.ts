import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import type { CommandResult } from '../../model/command.ts';
import { applyCommand } from '../apply-command.ts';
import { findDeadLetter, listDeadLetters, type DeadLetter } from '../dead-letters.ts';
import { claimedUser } from '../claimed-user.ts';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import {
  deadLetterKind,
  deadLetterSchema,
  presentDeadDelivery,
  presentHeldSignal,
  type DeadLetterView,
} from '../views/present-dead-letter.ts';
import { oneOf, pageOf, ref, wordFilter } from '../views/schema.ts';
import { byField, idParameter, noParameters } from './id-parameter.ts';

const listParameters = Type.Object(
  {
    ...pageParameters,
    kind: Type.Optional(deadLetterKind),
    integration: wordFilter('Only of this integration.'),
  },
  { additionalProperties: false },
);

const settledSchema = Type.Object(
  {
    id: Type.String(),
    kind: deadLetterKind,
    outcome: oneOf(
      ['redriven', 'discarded', 'awaiting_approval'],
      'What was done with it. `awaiting_approval`: nothing yet; it is redriven once the approval is approved.',
    ),
    approval: Type.Optional(Type.String({ description: 'The approval that it waits for.' })),
  },
  { $id: 'SettledDeadLetter', description: 'A dead letter that a person has dealt with.' },
);

/** The body may be left out altogether. */
const asked = Type.Unsafe<{ readonly by?: string } | null>({
  ...Type.Object({ by: Type.Optional(byField) }, { additionalProperties: false }),
  type: ['object', 'null'],
});

/** Everything that can't go on without a person: dead deliveries and held signals together. */
export function deadLetterRoutes(services: Services): FastifyPluginAsyncTypebox {
  const { reader } = services;
  const find = async (id: string): Promise<DeadLetter> => {
    const letter = await findDeadLetter(reader, id);
    if (!letter) throw new Problem('not_found', `There is no dead letter ${id}, or it is settled.`);
    return letter;
  };
  const redrive = ({ kind }: DeadLetter, id: string, by: string): Promise<CommandResult> =>
    kind === 'delivery'
      ? services.command({ kind: 'redrive_delivery', id, by })
      : services.redriveQuarantined(id, by);
  const discard = ({ kind }: DeadLetter, id: string): Promise<CommandResult> =>
    services.command(
      kind === 'delivery'
        ? { kind: 'discard_delivery', id }
        : { kind: 'settle_quarantine', id, status: 'discarded' },
    );

  return async (app) => {
    app.addSchema(settledSchema);

    app.get(
      '/dead-letters',
      {
        schema: {
          operationId: 'listDeadLetters',
          tags: ['dead letters'],
          summary: 'List dead letters',
          description: 'Dead deliveries first, then held signals, each newest first.',
          querystring: listParameters,
          response: answers(pageOf(ref(deadLetterSchema)), 400),
        },
      },
      async (request, reply) =>
        answerPage(request, reply, await listDeadLetters(reader, pageQuery(request.query)), present),
    );

    app.get(
      '/dead-letters/:id',
      {
        schema: {
          operationId: 'getDeadLetter',
          tags: ['dead letters'],
          summary: 'Show a dead letter',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(deadLetterSchema), 400, 404),
        },
      },
      async (request) => present(await find(request.params.id)),
    );

    app.post(
      '/dead-letters/:id/redrive',
      {
        schema: {
          operationId: 'redriveDeadLetter',
          tags: ['dead letters'],
          summary: 'Try a dead letter again',
          description:
            'A delivery is sent again under the same idempotency key; a signal is read anew. Where `approvals.redrive` names its integration this asks for an approval instead.',
          params: idParameter,
          querystring: noParameters,
          body: asked,
          response: answers(ref(settledSchema), 400, 404, 409, 503),
        },
      },
      async (request) => {
        const { id } = request.params;
        const letter = await find(id);
        const { kind } = letter;
        const result = await redrive(letter, id, claimedUser(request, request.body?.by));
        if (result.ok) return { id, kind, outcome: 'redriven' as const };
        if (result.code !== 'approval_needed') throw new Problem(result.code, result.detail);
        const approval = result.approval === undefined ? {} : { approval: result.approval };
        return { id, kind, outcome: 'awaiting_approval' as const, ...approval };
      },
    );

    app.post(
      '/dead-letters/:id/discard',
      {
        schema: {
          operationId: 'discardDeadLetter',
          tags: ['dead letters'],
          summary: 'Give a dead letter up',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(settledSchema), 400, 404, 409, 503),
        },
      },
      async (request) => {
        const { id } = request.params;
        const letter = await find(id);
        await applyCommand(discard(letter, id));
        return { id, kind: letter.kind, outcome: 'discarded' as const };
      },
    );
  };
}

function present(letter: DeadLetter): DeadLetterView {
  return letter.kind === 'delivery' ? presentDeadDelivery(letter.delivery) : presentHeldSignal(letter.signal);
}
