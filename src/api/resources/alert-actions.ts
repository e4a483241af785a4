import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from '@signalbox/sdk';
import { ALERT_ACTIONS, type AlertAction } from '../../model/alert-command.ts';
import {
  actionOf,
  assigneeField,
  remarkOf,
  snoozeFields,
  USER_HEADER,
  wishFields,
  type AnyWish,
} from '../alert-wishes.ts';
import { commandAlerts, type WishCaller } from '../command-alerts.ts';
import { readIdempotencyKey } from '../idempotency-key.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { alertSchema, presentAlert } from '../views/present-alert.ts';
import { fingerprint, ref, tenantName } from '../views/schema.ts';

const tenantParameter = Type.Object({ tenant: Type.Optional(tenantName) }, { additionalProperties: false });

export const alertActedSchema = Type.Object(
  {
    receipt: Type.String({ description: 'Of the command; see `GET /api/v1/receipts/{id}`.' }),
    changed: Type.Boolean({ description: 'Whether it made a difference; false when it was so already.' }),
    alert: ref(alertSchema),
  },
  { $id: 'AlertActed', description: 'The alert after the action was applied.' },
);

const WHAT: Readonly<Record<AlertAction['kind'], readonly [summary: string, description: string]>> = {
  acknowledge: [
    'Say that somebody is on it',
    'Repeats of a group whose firing alerts are all acknowledged are held back (`lifecycle.ack_stops_repeats`). Ends with the episode.',
  ],
  unacknowledge: [
    'Take an acknowledgement back',
    'What is due since is told at the next tick of its groups.',
  ],
  assign: ['Say who takes care of it', 'Stays over episodes.'],
  snooze: [
    'Tell nobody for a while',
    'What still fires when it ends is told then, also to those who were told before. Whoever was told "firing" gets the resolve meanwhile.',
  ],
  unsnooze: ['End a snooze now', 'What still fires is told at the next tick of its groups.'],
  resolve: [
    'Say that it is over',
    'When its source says "firing" again, it fires again as a new episode and is told.',
  ],
  close: [
    'Say that nobody needs to hear of this occurrence any more',
    'Resolves it. Stays closed while its source only goes on about the same start; a later start is a new episode.',
  ],
  reopen: [
    'Take a close or a resolve by hand back',
    'Fires again in the same episode, unless its source has said meanwhile that it is over.',
  ],
  comment: ['Remark something', 'The newest 50 comments are kept.'],
};

/** People act on single alerts. Answered after the owner of the alert has applied it (design §2.4). */
export function alertActionRoutes(services: Services, newId: () => string): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.addSchema(alertActedSchema);
    app.addHook('preValidation', async (request) => {
      request.body ??= {};
    });
    for (const kind of ALERT_ACTIONS) {
      const [summary, description] = WHAT[kind];
      app.post(
        `/alerts/:fingerprint/${kind}`,
        {
          schema: {
            operationId: `${kind}Alert`,
            tags: ['alerts'],
            summary,
            description,
            params: Type.Object({ fingerprint }),
            querystring: tenantParameter,
            body: bodyOf(kind),
            response: answers(ref(alertActedSchema), 400, 404, 409, 422, 503),
          },
        },
        async (request) => {
          const { fingerprint: id } = request.params;
          const tenant = request.query.tenant ?? 'default';
          const wish = request.body as AnyWish;
          const action = actionOf(kind, wish, services.now());
          const alert = await services.reader.alert(tenant, id);
          if (!alert) throw unknown(tenant, id);
          const remark = remarkOf(wish, request.headers[USER_HEADER]);
          const command = { tenant, fingerprint: id, action, ...remark };
          const [result] = await commandAlerts(services, [{ alert, command }], callerOf(request, newId));
          const { receipt, outcome } = result!;
          if (!outcome) throw notYet(receipt);
          if (!outcome.ok) throw new Problem(outcome.code, outcome.detail);
          const after = await services.reader.alert(tenant, id);
          if (!after) throw unknown(tenant, id);
          return { receipt, changed: outcome.changed, alert: presentAlert(after) };
        },
      );
    }
  };
}

export function callerOf(request: FastifyRequest, newId: () => string): WishCaller {
  return { requestId: request.id, idempotencyKey: readIdempotencyKey(request), newId };
}

/** It is durable and will be applied; a repeat with the same idempotency key finds it. */
function notYet(receipt: string): Problem {
  return new Problem(
    'unavailable',
    `The command is on disk and will be applied, but not yet. See /api/v1/receipts/${receipt}.`,
    { statusUrl: `/api/v1/receipts/${receipt}` },
  );
}

function unknown(tenant: string, id: string): Problem {
  return new Problem('not_found', `Tenant ${tenant} has no alert with the fingerprint ${id}.`);
}

/** Of those that need to be told more than who asks. */
const EXAMPLES: Readonly<Partial<Record<AlertAction['kind'], object>>> = {
  assign: { assignee: 'grace', by: 'ada' },
  snooze: { for: '2h', by: 'ada' },
  comment: { comment: 'disk ordered', by: 'ada' },
};

function bodyOf(kind: AlertAction['kind']) {
  const fields = {
    ...wishFields,
    ...(kind === 'assign' && { assignee: assigneeField }),
    ...(kind === 'snooze' && snoozeFields),
  };
  return Type.Object(fields, {
    additionalProperties: false,
    examples: [EXAMPLES[kind] ?? { by: 'ada' }],
    description: 'May be left out where nothing is needed.',
  });
}

export type AlertActedView = Static<typeof alertActedSchema>;
