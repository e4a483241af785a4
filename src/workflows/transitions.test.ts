import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOver, RUN_STATUSES, type WorkflowRun } from '../model/workflow-run.ts';
import { sampleWorkflowRun, T0 } from '../store/suite/samples.ts';
import { nextAskMs } from './ask-pace.ts';
import { transition, type RunEvent } from './transitions.ts';

const words = 'because';
const EVENTS: readonly RunEvent[] = [
  { kind: 'begin', deliveryId: 'd1' },
  { kind: 'note', words },
  { kind: 'take', reference: 'fix-1', words, isWatched: true },
  { kind: 'take', words, isWatched: true },
  { kind: 'take', reference: 'fix-1', words, isWatched: false },
  { kind: 'fail', words },
  { kind: 'lose', words },
  { kind: 'refuse', words },
  { kind: 'cancel', words },
  { kind: 'retry' },
  { kind: 'report', state: 'running' },
  { kind: 'report', state: 'succeeded', words },
  { kind: 'report', state: 'failed', words },
  { kind: 'miss', words },
];

test('whatever happens in whatever order, a run that the engine has had is never started again, and only one that runs is asked after', () => {
  const property = fc.property(
    fc.constantFrom('waiting', 'starting'),
    fc.array(fc.constantFrom(...EVENTS), { maxLength: 20 }),
    (status, events) => {
      const { deliveryId: _, ...fresh } = sampleWorkflowRun('w_1');
      let run: WorkflowRun = { ...fresh, status };
      events.forEach((event, index) => {
        const before = run;
        run = transition(run, event, T0 + index) ?? run;
        if (run === before) return;
        assert.equal(run.version, before.version + 1);
        assert.ok(RUN_STATUSES.includes(run.status));
        if (before.startedAt !== undefined)
          assert.ok(run.startedAt === before.startedAt && run.status !== 'starting');
        assert.equal(run.dueAt !== undefined, run.status === 'running');
        assert.equal(run.endedAt !== undefined, isOver(run));
      });
    },
  );
  fc.assert(property);
});

test('what was refused, or has ended, takes nothing more', () => {
  for (const status of ['refused', 'succeeded', 'started'] as const)
    for (const event of EVENTS)
      assert.equal(transition(sampleWorkflowRun('w_1', { status }), event, T0), undefined);
});

test('a start that failed may be tried once more; what was never to be started may not', () => {
  const failed = sampleWorkflowRun('w_1', { status: 'failed', endedAt: T0 });
  const again = transition(failed, { kind: 'retry' }, T0 + 1);
  assert.deepEqual([again?.status, again?.endedAt], ['starting', undefined]);
  const { deliveryId: _, ...never } = failed;
  assert.equal(transition(never, { kind: 'retry' }, T0 + 1), undefined);
});

test('an engine is asked soon at first, and every five minutes in the end', () => {
  assert.deepEqual([nextAskMs(0), nextAskMs(1), nextAskMs(1_000)], [5_000, 7_500, 300_000]);
});
