import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type, type Static } from '@signalbox/sdk';
import type { SilenceDraft } from '../../model/command.ts';
import type { Matcher } from '../../model/matcher.ts';
import { checkSilenceMatchers, NEVER_ENDS, type Silence } from '../../model/silence.ts';
import { parseMatchers } from '../../model/parse-matcher.ts';
import { applyCommand } from '../apply-command.ts';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { previewSilence } from '../preview-silence.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import {
  presentSilence,
  silencePreviewSchema,
  silenceSchema,
  silenceStateSchema,
} from '../views/present-silence.ts';
import { oneOf, pageOf, ref, stringMap, tenantName, timestamp } from '../views/schema.ts';
import { idParameter, noParameters } from './id-parameter.ts';

const LONGEST_MS = 366 * 86_400_000;
const matchersSchema = Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), {
  minItems: 1,
  maxItems: 50,
  description: 'Which alerts are held, in Alertmanager’s syntax; all must match.',
  examples: [['alertname="DiskFull"', 'instance=~"db-.*"']],
});

const draftSchema = Type.Object(
  {
    tenant: Type.Optional(tenantName),
    kind: Type.Optional(
      oneOf(['silence', 'maintenance'], 'A silence, or a maintenance window; default `silence`.'),
    ),
    matchers: matchersSchema,
    starts_at: Type.Optional(timestamp('When it begins; default now.')),
    ends_at: Type.Optional(timestamp('When it ends. Either this, or `recurrence`, or both.')),
    recurrence: Type.Optional(
      Type.Object(
        {
          rrule: Type.String({ minLength: 1, maxLength: 500, examples: ['FREQ=WEEKLY;BYDAY=SU'] }),
          duration_ms: Type.Integer({ minimum: 60_000, maximum: LONGEST_MS }),
          time_zone: Type.String({ minLength: 1, maxLength: 100, examples: ['Europe/Berlin'] }),
        },
        { additionalProperties: false, description: 'Of a maintenance window: when it comes again.' },
      ),
    ),
    announce: Type.Optional(
      Type.Boolean({ description: 'Of a maintenance window: whether begin and end are told.' }),
    ),
    created_by: Type.String({ minLength: 1, maxLength: 200, description: 'Whose it is, as claimed.' }),
    comment: Type.String({ minLength: 1, maxLength: 4000, description: 'The reason.' }),
    annotations: Type.Optional(stringMap('Whatever else is to be noted.', { ticket: 'OPS-1' })),
    confirm: Type.Optional(
      Type.Boolean({ description: 'Says that it may hold as much as it does; see `preview`.' }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        matchers: ['alertname="DiskFull"', 'instance=~"db-.*"'],
        ends_at: '2999-12-01T22:00:00Z',
        created_by: 'ada',
        comment: 'disks are being replaced',
      },
    ],
  },
);

type DraftBody = Static<typeof draftSchema>;

const previewBody = Type.Object(
  { tenant: Type.Optional(tenantName), matchers: matchersSchema },
  { additionalProperties: false, examples: [{ matchers: ['cluster="eu-1"'] }] },
);

const listParameters = Type.Object(
  {
    ...pageParameters,
    tenant: Type.Optional(tenantName),
    kind: Type.Optional(oneOf(['silence', 'maintenance'], 'Only these.')),
    state: Type.Optional(silenceStateSchema),
  },
  { additionalProperties: false },
);

/** Who asked to be quiet about what, and until when (BR-AP-008). Windows of the configuration are listed first and can’t be changed here. */
export function silenceRoutes(services: Services): FastifyPluginAsyncTypebox {
  const { reader, settings, now } = services;
  const find = async (id: string): Promise<Silence> => {
    const configured = settings().maintenanceWindows.find((window) => window.id === id);
    const found = configured ?? (await reader.silence(id));
    if (!found) throw new Problem('not_found', `There is no silence ${id}.`);
    return found;
  };
  const put = async (body: DraftBody, id?: string): Promise<Silence> => {
    const { draft, matchers } = await readDraft(body, now());
    const { confirmAbove } = settings().silences;
    if (!body.confirm) {
      const { warning } = await previewSilence(reader, draft.tenant, matchers, confirmAbove);
      if (warning !== undefined)
        throw new Problem(
          'too_broad',
          `This silence is broad: ${warning}. Send "confirm": true if it is meant.`,
          {
            field: 'matchers',
          },
        );
    }
    const result = await services.command({
      kind: 'put_silence',
      newId: randomUUID(),
      draft,
      ...(id === undefined ? {} : { id }),
    });
    if (!result.ok) throw new Problem(result.code, result.detail);
    return find(result.id!);
  };

  return async (app) => {
    app.get(
      '/silences',
      {
        schema: {
          operationId: 'listSilences',
          tags: ['silences'],
          summary: 'List silences and maintenance windows',
          querystring: listParameters,
          response: answers(pageOf(ref(silenceSchema)), 400),
        },
      },
      async (request, reply) => {
        const { state, ...query } = request.query;
        const at = now();
        const page = await reader.silences({
          ...pageQuery(query),
          ...(state === 'active' || state === 'pending' ? { endsAfter: at } : {}),
        });
        const isFirst = query.cursor === undefined;
        const items = [...(isFirst ? settings().maintenanceWindows : []), ...page.items].filter(
          (silence) =>
            (state === undefined || presentSilence(silence, at).state === state) &&
            (query.kind === undefined || silence.kind === query.kind) &&
            (query.tenant === undefined || silence.tenant === query.tenant),
        );
        return answerPage(request, reply, { ...page, items }, (silence) => presentSilence(silence, at));
      },
    );

    app.get(
      '/silences/:id',
      {
        schema: {
          operationId: 'getSilence',
          tags: ['silences'],
          summary: 'Show a silence',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(silenceSchema), 400, 404),
        },
      },
      async (request) => presentSilence(await find(request.params.id), now()),
    );

    app.post(
      '/silences/preview',
      {
        schema: {
          operationId: 'previewSilence',
          tags: ['silences'],
          summary: 'Count what a silence would hold',
          querystring: noParameters,
          body: previewBody,
          response: answers(ref(silencePreviewSchema), 400, 422),
        },
      },
      async ({ body }) =>
        previewSilence(
          reader,
          body.tenant ?? 'default',
          readMatchers(body.matchers),
          settings().silences.confirmAbove,
        ),
    );

    app.post(
      '/silences',
      {
        schema: {
          operationId: 'createSilence',
          tags: ['silences'],
          summary: 'Make a silence or a maintenance window',
          querystring: noParameters,
          description: 'Holds from the next flush on; what was told already is not taken back.',
          body: draftSchema,
          response: answers(ref(silenceSchema), 400, 409, 422),
        },
      },
      async ({ body }) => presentSilence(await put(body), now()),
    );

    app.put(
      '/silences/:id',
      {
        schema: {
          operationId: 'updateSilence',
          tags: ['silences'],
          summary: 'Change a silence',
          description:
            'Other matchers, or another start of one that is active, end it and make a new one, whose id is in the answer.',
          params: idParameter,
          querystring: noParameters,
          body: draftSchema,
          response: answers(ref(silenceSchema), 400, 404, 409, 422),
        },
      },
      async ({ params, body }) => presentSilence(await put(body, params.id), now()),
    );

    app.post(
      '/silences/:id/expire',
      {
        schema: {
          operationId: 'expireSilence',
          tags: ['silences'],
          summary: 'End a silence now',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(silenceSchema), 400, 404, 409),
        },
      },
      async ({ params }) => {
        const silence = await find(params.id);
        if (silence.createdBy === 'configuration')
          throw new Problem('conflict', `${params.id} stands in the configuration; take it out there.`);
        await applyCommand(services.command({ kind: 'expire_silence', id: params.id }));
        return presentSilence(await find(params.id), now());
      },
    );
  };
}

function readMatchers(texts: readonly string[]): readonly Matcher[] {
  const matchers = texts.flatMap((text, index) => {
    const parsed = parseMatchers(text);
    if (parsed.ok) return parsed.matchers;
    const where = `matcher ${index + 1}, character ${parsed.column + 1}`;
    throw new Problem('invalid_body', `In ${where}: ${parsed.message}.`, { field: `matchers[${index}]` });
  });
  const fault = checkSilenceMatchers(matchers);
  if (fault !== undefined) throw new Problem('invalid_body', `Too broad: ${fault}.`, { field: 'matchers' });
  return matchers;
}

async function readDraft(
  body: DraftBody,
  now: number,
): Promise<{ draft: SilenceDraft; matchers: readonly Matcher[] }> {
  const matchers = readMatchers(body.matchers);
  const { kind = 'silence', recurrence } = body;
  const startsAt = body.starts_at === undefined ? now : Date.parse(body.starts_at);
  const endsAt =
    body.ends_at === undefined ? (recurrence ? NEVER_ENDS : Number.NaN) : Date.parse(body.ends_at);
  if (Number.isNaN(endsAt))
    throw new Problem('invalid_body', 'Say when it ends by "ends_at".', { field: 'ends_at' });
  if (endsAt <= now) throw new Problem('invalid_body', 'The end lies in the past.', { field: 'ends_at' });
  if (endsAt <= startsAt)
    throw new Problem('invalid_body', 'The end must come after the start.', { field: 'ends_at' });
  if (recurrence && kind !== 'maintenance')
    throw new Problem('invalid_body', 'Only a maintenance window comes again.', { field: 'recurrence' });
  const again = recurrence && {
    rrule: recurrence.rrule,
    durationMs: recurrence.duration_ms,
    timeZone: recurrence.time_zone,
  };
  if (again) await checkRecurrence(startsAt, again);
  const draft = {
    tenant: body.tenant ?? 'default',
    kind,
    matchers: matchers.map(({ name, op, value }) => ({ name, op, value })),
    startsAt,
    endsAt,
    ...(again ? { recurrence: again } : {}),
    ...(body.announce === undefined ? {} : { announce: body.announce }),
    createdBy: body.created_by,
    comment: body.comment,
    annotations: body.annotations ?? {},
  };
  return { draft, matchers };
}

/** The packages behind recurrence rules are large and loaded only where somebody uses one. */
async function checkRecurrence(startsAt: number, recurrence: NonNullable<Silence['recurrence']>) {
  const [{ checkWindow }, { CalendarError }] = await Promise.all([
    import('../../calendar/window.ts'),
    import('../../calendar/calendar-error.ts'),
  ]);
  try {
    checkWindow({ startsAt, ...recurrence });
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    throw new Problem('invalid_body', error.message, { field: `recurrence.${error.field}`, cause: error });
  }
}
