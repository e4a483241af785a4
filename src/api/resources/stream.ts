import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { PROBLEM_MEDIA_TYPE, Problem, problemSchema } from '../problem.ts';
import { CHANGE_KINDS } from '../views/present-change.ts';
import { ref } from '../views/schema.ts';

const parameters = Type.Object({
  cursor: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'Send what came after it; without it only what comes from now on.',
    }),
  ),
  kinds: Type.Optional(
    Type.String({
      description: `Only these kinds, separated by commas: ${CHANGE_KINDS.join(', ')}.`,
      examples: ['alert,delivery'],
    }),
  ),
});

const description = [
  'A WebSocket that sends one `StreamMessage` as JSON in each text message and ignores what it is sent.',
  'First it replays what came after `cursor`, then it goes on live. Resume with the `cursor` of the newest message.',
  'It closes with 1013 when the client reads too slowly, 1008 when its token is no longer valid, 1001 when the hub stops.',
].join(' ');

/** Describes the live stream, and answers those who ask for it without an upgrade. */
export function streamRoutes(): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/stream',
      {
        schema: {
          operationId: 'stream',
          tags: ['stream'],
          summary: 'Follow changes live',
          description,
          querystring: parameters,
          response: {
            101: { type: 'null', description: 'The connection is a WebSocket from here on.' },
            426: {
              description: 'The request was no upgrade to a WebSocket.',
              content: { [PROBLEM_MEDIA_TYPE]: { schema: ref(problemSchema) } },
            },
          },
        },
      },
      async () => {
        throw new Problem('upgrade_required', 'Ask for this address as a WebSocket (RFC 6455).');
      },
    );
  };
}
