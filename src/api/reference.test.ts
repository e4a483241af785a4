import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateHttpReference, type OpenApiDocument } from './reference.ts';

const document: OpenApiDocument = {
  info: { title: 'Box', version: '1', description: 'A box.' },
  tags: [{ name: 'things', description: 'All things.' }, { name: 'unused' }],
  paths: {
    '/things/{id}': {
      get: {
        tags: ['things'],
        summary: 'Show a thing',
        security: [],
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          {
            name: 'limit',
            in: 'query',
            description: 'a | b',
            schema: { type: 'integer', minimum: 1, maximum: 9, default: 5 },
          },
        ],
        responses: {
          200: {
            description: 'A thing.',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        description: 'It.',
        required: ['kind'],
        properties: {
          kind: { type: 'string', enum: ['a', 'b'] },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
        },
      },
    },
  },
};

test('the reference shows every operation with its parameters and answers, and every schema with its fields', () => {
  const text = generateHttpReference(document);
  assert.match(text, /### GET \/things\/\{id\}\n\nShow a thing\. Needs no API token\./);
  assert.match(text, /\| `id` \(required\) \| path \| string \|  \|/);
  assert.match(text, /\| `limit` \| query \| integer, 1 to 9, default 5 \| a \\\| b \|/);
  assert.match(text, /\| 200 \| \[Thing\]\(#thing\) \| A thing\. \|/);
  assert.match(text, /\| `kind` \| `a`, `b` \|  \|/);
  assert.match(text, /\| `parts` \(optional\) \| list of \[Thing\]\(#thing\) \|  \|/);
  assert.doesNotMatch(text, /Unused/);
});
