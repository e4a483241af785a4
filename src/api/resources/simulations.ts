import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type, type Static } from '@signalbox/sdk';
import type { RehearsalJob, RehearsalRequest } from '../../rehearsal/job.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { presentSimulation, simulationSchema } from '../views/present-simulation.ts';
import { oneOf, ref, stringMap, timestamp } from '../views/schema.ts';
import { idParameter, noParameters } from './id-parameter.ts';

const HOUR_MS = 3_600_000;
const LONGEST_RANGE_MS = 31 * 24 * HOUR_MS;
const LONGEST_FOR_MS = 366 * 24 * HOUR_MS;
const MAX_CONFIG = 1_048_576;
const MAX_BODY = 1_048_576;
/** A payload is usually done by then; otherwise the answer says that it runs. */
const WAIT_MS = 20_000;

const milliseconds = (description: string, maximum: number, minimum = 0) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }));

const requestSchema = Type.Object(
  {
    kind: oneOf(['payload', 'back_test'], 'One payload, or what was recorded between two times.'),
    config: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_CONFIG,
        description:
          'The candidate as YAML or JSON; default the configuration in force. It may name no files, and `${…}` stands for a placeholder: nothing of this machine is read for it.',
      }),
    ),
    profile: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'Overlay of the candidate.' }),
    ),
    integration: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'Of a payload: who would receive it.' }),
    ),
    body: Type.Optional(Type.String({ maxLength: MAX_BODY, description: 'Of a payload: the body as text.' })),
    content_type: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'Default `application/json`.' }),
    ),
    headers: Type.Optional(stringMap('Request headers that the source reads.', { 'x-event': 'push' })),
    at: Type.Optional(timestamp('Of a payload: the time of receipt; default now.')),
    for_ms: milliseconds('Of a payload: how long it is followed.', LONGEST_FOR_MS),
    every_ms: milliseconds(
      'With `for_ms`: its source says the same again this often.',
      LONGEST_FOR_MS,
      1_000,
    ),
    silences: Type.Optional(
      Type.Boolean({ description: 'Of a payload: whether the silences of now are tried as well.' }),
    ),
    from: Type.Optional(timestamp('Of a back-test: the first record that is compared.')),
    to: Type.Optional(timestamp('Of a back-test: exclusive; default now. At most 31 days after `from`.')),
    warm_up_ms: milliseconds('What is replayed before it; default an hour.', LONGEST_RANGE_MS),
    tolerance_ms: milliseconds('Times no further apart are the same; default 30 s.', HOUR_MS),
    max_records: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 200_000, description: 'Default and most 200,000.' }),
    ),
    max_differences: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'Default 100.' })),
  },
  {
    additionalProperties: false,
    examples: [{ kind: 'back_test', from: '2026-03-01T08:00:00Z', to: '2026-03-01T09:00:00Z' }],
  },
);
type RequestBody = Static<typeof requestSchema>;

const listSchema = Type.Object(
  { items: Type.Array(ref(simulationSchema), { description: 'Newest first, at most 20.' }) },
  { description: 'Simulations without their results.' },
);

/** Rehearsals of a configuration (BR-QUAL-014): nothing is sent, and nothing of the hub is written. */
export function simulationRoutes({ rehearsals, now }: Services): FastifyPluginAsyncTypebox {
  const tags = ['simulations'];
  const found = (job: RehearsalJob | undefined, id: string): RehearsalJob => {
    if (!job) throw new Problem('not_found', `There is no simulation ${id}, or it is no longer kept.`);
    return job;
  };
  return async (app) => {
    app.post(
      '/simulations',
      {
        bodyLimit: 2 * (MAX_CONFIG + MAX_BODY),
        schema: {
          operationId: 'startSimulation',
          tags,
          summary: 'Try a configuration on a payload, or on what was recorded',
          description:
            'A payload is mostly done with the answer; a back-test goes on, and its `status` is asked for by its id. One runs at a time.',
          querystring: noParameters,
          body: requestSchema,
          response: answers(ref(simulationSchema), 400, 422, 503),
        },
      },
      async (request) => {
        const asked = readRequest(request.body, now());
        const job = rehearsals.start(asked);
        if (!job) throw new Problem('unavailable', 'Another simulation runs. Ask again when it has ended.');
        const done = asked.kind === 'payload' ? await rehearsals.wait(job.id, WAIT_MS) : job;
        return presentSimulation(done ?? job);
      },
    );

    app.get(
      '/simulations',
      {
        schema: {
          operationId: 'listSimulations',
          tags,
          summary: 'List simulations',
          querystring: noParameters,
          response: answers(listSchema, 400),
        },
      },
      async () => ({ items: rehearsals.list().map(({ result: _, ...job }) => presentSimulation(job)) }),
    );

    app.get(
      '/simulations/:id',
      {
        schema: {
          operationId: 'getSimulation',
          tags,
          summary: 'Show how far a simulation is, or what it found',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(simulationSchema), 400, 404),
        },
      },
      async ({ params: { id } }) => presentSimulation(found(rehearsals.find(id), id)),
    );

    app.post(
      '/simulations/:id/cancel',
      {
        schema: {
          operationId: 'cancelSimulation',
          tags,
          summary: 'End a simulation',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(simulationSchema), 400, 404),
        },
      },
      async ({ params: { id } }) => presentSimulation(found(rehearsals.cancel(id), id)),
    );
  };
}

function readRequest(body: RequestBody, now: number): RehearsalRequest {
  const { config, profile } = body;
  const candidate = {
    ...(config === undefined ? {} : { config }),
    ...(profile === undefined ? {} : { profile }),
  };
  if (body.kind === 'payload') {
    const { integration, body: text, content_type: contentType = 'application/json', headers = {} } = body;
    if (integration === undefined || text === undefined)
      throw new Problem('invalid_body', 'A payload needs `integration` and `body`.', {
        field: integration === undefined ? 'integration' : 'body',
      });
    return {
      ...candidate,
      kind: 'payload',
      integration,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      contentType,
      body: Buffer.from(text).toString('base64'),
      at: body.at === undefined ? now : Date.parse(body.at),
      ...(body.for_ms === undefined ? {} : { forMs: body.for_ms }),
      ...(body.every_ms === undefined ? {} : { everyMs: body.every_ms }),
      silences: body.silences ?? false,
    };
  }
  if (body.from === undefined)
    throw new Problem('invalid_body', 'A back-test needs `from`.', { field: 'from' });
  const from = Date.parse(body.from);
  const to = body.to === undefined ? now : Date.parse(body.to);
  if (!(from < to && to - from <= LONGEST_RANGE_MS))
    throw new Problem('invalid_body', '`to` has to be after `from`, and at most 31 days after it.', {
      field: 'to',
    });
  return {
    ...candidate,
    kind: 'back_test',
    from,
    to,
    warmUpMs: body.warm_up_ms ?? HOUR_MS,
    toleranceMs: body.tolerance_ms ?? 30_000,
    maxRecords: body.max_records ?? 200_000,
    maxDifferences: body.max_differences ?? 100,
  };
}
