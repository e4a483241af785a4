import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { presentStatus, statusSchema, type StatusFacts } from '../views/present-status.ts';
import { ref } from '../views/schema.ts';
import { noParameters } from './id-parameter.ts';

/** The hub at a glance. */
export function statusRoutes(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/status',
      {
        schema: {
          operationId: 'getStatus',
          tags: ['hub'],
          summary: 'Show the hub at a glance',
          querystring: noParameters,
          response: answers(ref(statusSchema), 400, 503),
        },
      },
      async () => presentStatus(await gatherFacts(services)),
    );
  };
}

/** Positions before ends, so that the lag is never negative and at most too large by what came in between. */
async function gatherFacts(services: Services): Promise<StatusFacts> {
  const { reader, journal } = services;
  const [positions, counts, heartbeats] = await Promise.all([
    reader.positions(),
    reader.counts(),
    reader.heartbeats(),
  ]);
  const partitions = Array.from({ length: journal.partitions }, (_, partition) => partition);
  const [ends, journalBytes] = await Promise.all([
    Promise.all(partitions.map((partition) => journal.end(partition))),
    journal.bytes(),
  ]);
  await services.refreshHealth();
  const settings = services.settings();
  return {
    version: services.version,
    revision: settings.revision,
    now: services.now(),
    counts,
    positions,
    ends,
    journalBytes,
    journalMaxBytes: settings.storage.journalMaxBytes,
    healths: [...services.host().integrations.values()].map(({ health }) => health.status),
    heartbeats,
  };
}
