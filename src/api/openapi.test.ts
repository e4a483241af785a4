import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describeApi } from './describe-api.ts';
import { createFakeServices } from './testing/fake-services.ts';
import { ask, post, startApi } from './testing/start-api.ts';

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
};

/** What those routes are told that can't do without. */
const BODIES: Readonly<Record<string, unknown>> = {
  '/api/v1/incidents/{id}/assign': { assignee: 'kim' },
  '/api/v1/incidents/{id}/merge': { into: 'i2' },
  '/api/v1/incidents/bulk': { ids: ['i1'], action: 'close' },
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

function send(method: string, path: string, address: string) {
  return method === 'post' ? post(address, BODIES[path]) : ask(address);
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
  for (const { path, method } of operations) {
    const answer = await send(method, path, url + fill(path));
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

test('every refusal of a route is described, too', async (t) => {
  const open = createFakeServices();
  const closed = createFakeServices({ apiTokens: ['t0ken'] });
  open.answer = { ok: false, code: 'not_found', detail: 'there is no such thing' };
  const urls = { open: (await startApi(t, open)).url, closed: (await startApi(t, closed)).url };
  const served = operations.filter((one) => one.path.startsWith('/api/') && one.path !== '/api/v1/stream');
  for (const { path, method } of served) {
    const refusals = [
      [400, await send(method, path, `${urls.open}${fill(path)}?no_such_parameter=1`)],
      [401, await send(method, path, urls.closed + fill(path))],
      [
        403,
        await ask(urls.open + fill(path), {
          method: method.toUpperCase(),
          headers: { host: 'rebound.example' },
        }),
      ],
      ...(path.includes('{')
        ? [
            [
              404,
              await send(
                method,
                path,
                urls.open +
                  fill(path).replace(/\/(d1|n1|i1|pager|webhook|5ef7\w+|0193[\w-]+)/, '/ffffffffffffffff'),
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
