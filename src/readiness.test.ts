import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkReadiness, type ReadinessInput } from './readiness.ts';
import type { StateStatus } from './state-protocol.ts';

const CAUGHT_UP: StateStatus = {
  caughtUp: true,
  wasCaughtUp: true,
  lagMs: 0,
  inFlight: 0,
  integrations: {},
};

/** Everything is well but what the status says. */
async function pipelineOf(status: StateStatus | undefined) {
  const input = {
    status,
    journal: { trouble: () => undefined },
    reader: { positions: async () => [] },
    host: { integrations: new Map(), broken: [] },
    isStopping: false,
    directory: {},
    now: 0,
  } as unknown as ReadinessInput;
  const parts = await checkReadiness(input);
  const pipeline = parts.find(({ part }) => part === 'pipeline');
  assert.ok(pipeline);
  return { ready: pipeline.ready, required: pipeline.required };
}

test('a hub that has not caught up since its start is not ready', async () => {
  const starting = { ...CAUGHT_UP, caughtUp: false, wasCaughtUp: false };
  assert.deepEqual(await pipelineOf(starting), { ready: false, required: true });
  assert.deepEqual(await pipelineOf(undefined), { ready: false, required: true });
  assert.deepEqual(await pipelineOf(CAUGHT_UP), { ready: true, required: false });
});

test('a node that catches up with a share of another goes on taking signals', async () => {
  assert.deepEqual(await pipelineOf({ ...CAUGHT_UP, caughtUp: false }), { ready: false, required: false });
});

test('a node that stands aside for its routes is not ready, however long it was before', async () => {
  const aside = { ...CAUGHT_UP, waitsFor: 'other nodes have other routes' };
  assert.deepEqual(await pipelineOf(aside), { ready: false, required: true });
});
