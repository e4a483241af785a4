import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describeApi } from './describe-api.ts';
import { createFakeServices } from './testing/fake-services.ts';
import { ask, startApi } from './testing/start-api.ts';

const SIGNAL = '0193f0c2a4b1c93e5f00112233445566';
/** A value for each path parameter that leads to something, by the address before it. */
const IDS: Readonly<Record<string, string>> = {
  receipts: `${SIGNAL}-0-41`,
  alerts: '5ef77f1f8a3ecfd7',
  incidents: 'i1',
  notifications: 'n1',
  deliveries: 'd1',
  'dead-letters': 'd1',
  quarantine: SIGNAL,
  integrations: 'pager',
  connectors: 'webhook',
  silences: 's1',
  simulations: 'r1',
  approvals: 's1',
  'workflow-runs': 's1',
};

function fill(template: string): string {
  return template.replace(/([a-z-]+)\/\{\w+\}/, (_all, resource: string) => `${resource}/${IDS[resource]}`);
}

const document = await describeApi('0.1.0');
const operations = Object.entries(document.paths)
  .filter(([path]) => !path.startsWith('/hooks/'))
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema(document, 'openapi');

type Operation = (typeof operations)[number];

/** With the body that the description gives as an example, so that no example is wrong. */
function call(url: string, { method, operation }: Operation, headers: Record<string, string> = {}) {
  const { requestBody } = operation as {
    requestBody?: { content: Record<string, { example?: unknown }> };
  };
  const example = requestBody?.content['application/json']?.example;
  return ask(url, {
    method: method.toUpperCase(),
    headers: { ...(example === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(example === undefined ? {} : { body: JSON.stringify(example) }),
  });
}

function assertDescribed(
  path: string,
  method: string,
  status: number,
  mediaType: string,
  body: unknown,
): void {
  const pointer = ['paths', path, method, 'responses', String(status), 'content', mediaType, 'schema']
    .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
    .map(encodeURIComponent)
    .join('/');
  const validate = ajv.compile({ $ref: `openapi#/${pointer}` });
  assert.ok(validate(body), `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)}`);
}

test('[ADR4-017] [VPA-021] [BR-INT-006] every route answers as its own OpenAPI description says', async (t) => {
  const services = createFakeServices();
  services.rows.records.push({
    partition: 0,
    offset: 41,
    key: 'k',
    at: 0,
    value: JSON.stringify({ meta: { signal: SIGNAL } }),
  });
  const { url } = await startApi(t, services);
  for (const one of operations) {
    const { path, method } = one;
    const answer = await call(url + fill(path), one);
    const mediaType = String(answer.headers['content-type']).split(';')[0]!;
    const expected = path === '/api/v1/stream' ? 426 : 200;
    assert.equal(answer.status, expected, `${method} ${path}: ${answer.text}`);
    assertDescribed(
      path,
      method,
      expected,
      mediaType,
      mediaType === 'text/plain' ? answer.text : answer.json(),
    );
  }
});

/** What is asked of a name, whether or not anything has it. */
const ASKED_BY_NAME = new Set(['/api/v1/namespaces/{name}/limits', '/api/v1/namespaces/{name}/limits/check']);

test('every refusal of a route is described, too', async (t) => {
  const open = createFakeServices();
  const closed = createFakeServices({ apiTokens: ['t0ken'] });
  open.answer = { ok: false, code: 'not_found', detail: 'there is no such thing' };
  const urls = { open: (await startApi(t, open)).url, closed: (await startApi(t, closed)).url };
  const served = operations.filter((one) => one.path.startsWith('/api/') && one.path !== '/api/v1/stream');
  for (const one of served) {
    const { path, method } = one;
    const send = (url: string) => call(url, one);
    const refusals = [
      [400, await send(`${urls.open}${fill(path)}?no_such_parameter=1`)],
      [401, await send(urls.closed + fill(path))],
      [403, await call(urls.open + fill(path), one, { host: 'rebound.example' })],
      ...(path.includes('{') && !ASKED_BY_NAME.has(path)
        ? [
            [
              404,
              await send(
                urls.open +
                  fill(path).replace(
                    /\/(d1|n1|pager|webhook|5ef7\w+|0193[\w-]+|s1|i1|r1)(?=\/|$)/,
                    '/ffffffffffffffff',
                  ),
              ),
            ] as const,
          ]
        : []),
    ] as const;
    for (const [status, answer] of refusals) {
      assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
      assertDescribed(path, method, status, 'application/problem+json', answer.json());
    }
  }
});

test('[BR-INT-006] the document is OpenAPI 3.1 with named schemas, one id per operation, and the webhooks', () => {
  const text = JSON.stringify(document);
  assert.equal((document as unknown as { openapi: string }).openapi, '3.1.0');
  assert.doesNotMatch(text, /def-\d/);
  for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
    assert.ok(document.components.schemas[name!], `${name} is referenced and there`);
  }
  const ids = operations.map(({ operation }) => (operation as { operationId?: string }).operationId);
  assert.equal(new Set(ids).size, operations.length);
  for (const { path, method, operation } of operations) {
    assert.ok(operation.summary && operation.tags?.length === 1, `${method} ${path} is described`);
    assert.doesNotMatch(JSON.stringify(operation), /Default Response/, `${method} ${path}`);
  }
  assert.ok(document.paths['/hooks/{integration}']?.['post']?.responses['202']);
});
