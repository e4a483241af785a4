import swagger, { type SwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { hooksPath } from './hooks-path.ts';

const description = [
  'Everything that Signalbox knows and does, for programs. Field names are in snake_case, times are RFC 3339 in UTC.',
  'Lists answer `{ items, next }`; pass `next` as `cursor` for the next page. Errors are RFC 9457 problem details with a stable `type`.',
  'Without `server.api_tokens` the API answers to programs of the same machine only; with tokens every request needs one.',
].join('\n\n');

const TAGS = [
  { name: 'signals', description: 'What comes in, and what became of it.' },
  { name: 'alerts', description: 'What is wrong, and how it is grouped.' },
  { name: 'rules', description: 'What is done to alerts before anybody is told.' },
  { name: 'notifications', description: 'What was said to whom.' },
  { name: 'deliveries', description: 'Whether it got there.' },
  { name: 'dead letters', description: 'What can’t go on without a person.' },
  { name: 'workflows', description: 'What was handed to workflow engines.' },
  { name: 'approvals', description: 'What waits for a person’s consent.' },
  { name: 'integrations', description: 'What the hub is connected to.' },
  { name: 'hub', description: 'The hub itself.' },
  { name: 'stream', description: 'Changes as they happen.' },
  { name: 'health', description: 'For orchestrators and Prometheus.' },
];

/** Writes the OpenAPI 3.1 document from the schemas that validate. Has to come before the routes. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  const options: SwaggerOptions = {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Signalbox',
        version,
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: TAGS,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'One of `server.api_tokens`.' },
        },
      },
      security: [{ token: [] }],
    },
    convertConstToEnum: false,
    // Otherwise the schemas would be called def-0, def-1, …
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, index) =>
        typeof schema['$id'] === 'string' ? schema['$id'] : `schema-${index}`,
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) throw new Error('The document is OpenAPI, not Swagger 2.');
      const { openapiObject } = document;
      return { ...openapiObject, paths: { ...hooksPath, ...openapiObject.paths } } as never;
    },
  };
  await app.register(swagger, options);
}
