import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault, validateConfig } from '@signalbox/sdk';
import { conformance, sampleStart, startFakeServer, testContext } from '@signalbox/sdk/testing';
import fc from 'fast-check';
import type { WorkflowHttpConfig } from './config.ts';
import workflowHttp from './index.ts';
import { readPointer } from './json-pointer.ts';
import { workflow } from './workflow.ts';

conformance(workflowHttp, {
  dir: import.meta.dirname,
  config: (url) => ({
    url: `${url}/runs`,
    bearer_token: 'test-t0ken',
    headers: { 'x-api-key': 'test-k3y' },
    status: {
      url: `${url}/runs/{{ reference }}`,
      pointer: '/status/phase',
      words_pointer: '/status/message',
      succeeded: ['Succeeded'],
      failed: ['Failed', 'Error'],
    },
  }),
});

function configOf(url: string, own: object = {}): WorkflowHttpConfig {
  const result = validateConfig(workflowHttp.config, { url: `${url}/runs`, ...own });
  assert.ok(result.ok);
  return result.config;
}

test('an input never decides which host or path is asked', async (t) => {
  const hosts = [
    'https://{{ run.inputs.host }}/x',
    'https://a.{{ run.rule }}/x',
    'https://user:pw@a.example/x',
  ];
  for (const url of hosts) assert.equal(validateConfig(workflowHttp.config, { url }).ok, false, url);
  const server = await startFakeServer();
  t.after(server.close);
  const config = configOf(server.url, { url: `${server.url}/{{ run.inputs.name }}/start` });
  const { context, close } = testContext({ config });
  t.after(close);
  const startWith = (name: string) =>
    workflow.start(sampleStart({ run: { ...sampleStart().run, inputs: { name } } }), context);
  await startWith('a/../b?c#d');
  assert.equal(server.requests[0]?.path, '/a%2F..%2Fb%3Fc%23d/start');
  await assert.rejects(startWith('..'), /leads to another path/);
});

test('states are compared in any case, and what is in no list runs', async (t) => {
  let phase: unknown = 'SUCCEEDED';
  const server = await startFakeServer(() => ({ body: { phase } }));
  t.after(server.close);
  const status = {
    url: `${server.url}/{{reference}}`,
    pointer: '/phase',
    succeeded: ['Succeeded'],
    failed: ['Failed'],
  };
  const { context, close } = testContext({ config: configOf(server.url, { status }) });
  t.after(close);
  const ask = async () => (await workflow.status!('1', context)).state;
  assert.equal(await ask(), 'succeeded');
  phase = 'failed';
  assert.equal(await ask(), 'failed');
  phase = 'Paused';
  assert.equal(await ask(), 'running');
  phase = {};
  await assert.rejects(ask(), (error) => isFault(error) && error.code === 'SB_UNAVAILABLE');
});

test('only a configuration with `status` can be asked after', () => {
  assert.equal(workflow.watches!(configOf('https://engine.example')), false);
});

test('JSON pointers lead where RFC 6901 says', () => {
  const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'm~n': 8, ' ': 7 };
  const cases = [
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/m~0n', 8],
    ['/ ', 7],
    ['/foo/9', undefined],
    ['/toString', undefined],
    ['/foo/length/x', undefined],
  ] as const;
  for (const [pointer, value] of cases) assert.deepEqual(readPointer(document, pointer), value, pointer);
});

test('a pointer made of the keys on the way to a value finds it', () => {
  const property = fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (keys) => {
    const safe = keys.filter((key) => key !== '__proto__');
    const document = safe.toReversed().reduce<unknown>((value, key) => ({ [key]: value }), 'found');
    const pointer = safe.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return readPointer(document, pointer) === 'found';
  });
  fc.assert(property);
});
