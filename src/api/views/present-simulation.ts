import { Type, type Static } from '@signalbox/sdk';
import type { RehearsalJob } from '../../rehearsal/job.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, timestamp } from './schema.ts';

export const simulationSchema = Type.Object(
  {
    id: Type.String(),
    kind: oneOf(['payload', 'back_test'], 'What is tried.'),
    status: oneOf(['running', 'done', 'failed', 'cancelled'], 'How far it is.'),
    progress: Type.Number({ minimum: 0, maximum: 1, description: 'How much of it is done.' }),
    started_at: timestamp('When it was asked for.'),
    ended_at: Type.Optional(timestamp('When it ended.')),
    problem: Type.Optional(
      Type.Object(
        {
          code: oneOf(
            ['invalid', 'refused', 'broken'],
            '`invalid`: the configuration or the request is wrong. `refused`: the payload would be. `broken`: an error of the hub, or it took too long.',
          ),
          detail: Type.String({ description: 'For people, with the line of the configuration.' }),
        },
        { description: 'Why it failed.' },
      ),
    ),
    result: Type.Optional(
      Type.Unsafe<Readonly<Record<string, unknown>>>({
        type: 'object',
        additionalProperties: true,
        description:
          'What `signalbox simulate --json` prints: of a payload `alerts`, `holds`, `timeline`, `messages`; of a back-test `counts`, `receivers`, `differences`, `unknown`.',
      }),
    ),
  },
  {
    $id: 'Simulation',
    description: 'A configuration on trial; it lives in memory, and a restart forgets it.',
  },
);
export type SimulationView = Static<typeof simulationSchema>;

export function presentSimulation(job: RehearsalJob): SimulationView {
  const { startedAt, endedAt, result, ...known } = job;
  return {
    ...known,
    started_at: rfc3339(startedAt),
    ...(endedAt === undefined ? {} : { ended_at: rfc3339(endedAt) }),
    ...(result === undefined ? {} : { result: { ...result } }),
  };
}
