import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StaleRun } from '../port.ts';
import { openBoth, type CreatePlace } from './place.ts';
import { T0, sampleAlert, sampleWorkflowRun } from './samples.ts';

/** What was handed to workflow engines. */
export function workflowRunTests(createPlace: CreatePlace): void {
  test('a workflow run comes back as saved, and of two changes to what was read one stands, with all else of its commit', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const run = sampleWorkflowRun('w_a');
    await store.commit({ workflowRuns: [run] });
    assert.deepEqual(await store.workflowRuns(['w_a', 'w_missing']), [run]);
    await assert.rejects(
      store.commit({ workflowRuns: [run] }),
      StaleRun,
      'the same run is never opened twice',
    );
    const running = { ...run, version: 2, status: 'running', reference: 'fix-1', dueAt: T0 + 5 } as const;
    await store.commit({ workflowRuns: [running] });
    const late = store.commit({
      workflowRuns: [{ ...run, version: 2, status: 'failed' }],
      alerts: [sampleAlert('a')],
    });
    await assert.rejects(late, StaleRun);
    assert.deepEqual(await reader.workflowRun('w_a'), running);
    assert.equal(await reader.alert('default', 'a'), undefined);
  });

  test('workflow runs are due by their column, earliest first, and those without one never', async (t) => {
    const { store } = await openBoth(t, createPlace);
    assert.equal(await store.nextWorkflowRunDue(), Infinity);
    await store.commit({
      workflowRuns: [
        sampleWorkflowRun('w_late', { dueAt: T0 + 30 }),
        sampleWorkflowRun('w_soon', { dueAt: T0 + 10 }),
        sampleWorkflowRun('w_next', { dueAt: T0 + 20 }),
        sampleWorkflowRun('w_over', { status: 'failed', endedAt: T0 }),
      ],
    });
    assert.equal(await store.nextWorkflowRunDue(), T0 + 10);
    const due = await store.dueWorkflowRuns(T0 + 20, 10);
    assert.deepEqual(
      due.map(({ id }) => id),
      ['w_soon', 'w_next'],
    );
    assert.equal((await store.dueWorkflowRuns(T0 + 99, 1)).length, 1);
  });

  test('workflow runs are listed newest first, page by page, by tenant, status, rule and subject', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const incident = { kind: 'incident', id: 'i1' } as const;
    await store.commit({ workflowRuns: [sampleWorkflowRun('w_1')] });
    await store.commit({ workflowRuns: [sampleWorkflowRun('w_2', { status: 'failed', endedAt: T0 })] });
    await store.commit({ workflowRuns: [sampleWorkflowRun('w_3', { subject: incident, rule: 'scale' })] });
    await store.commit({ workflowRuns: [sampleWorkflowRun('w_4', { tenant: 'other' })] });
    const page = await reader.workflowRuns({ limit: 2, tenant: 'default' });
    assert.deepEqual(
      page.items.map(({ id }) => id),
      ['w_3', 'w_2'],
    );
    const rest = await reader.workflowRuns({ limit: 2, tenant: 'default', cursor: page.next! });
    assert.deepEqual(
      rest.items.map(({ id }) => id),
      ['w_1'],
    );
    const ids = async (query: Omit<Parameters<typeof reader.workflowRuns>[0], 'limit'>) =>
      (await reader.workflowRuns({ limit: 9, ...query })).items.map(({ id }) => id);
    assert.deepEqual(await ids({ status: 'starting' }), ['w_4', 'w_3', 'w_1']);
    assert.deepEqual(await ids({ rule: 'scale' }), ['w_3']);
    assert.deepEqual(await ids({ subject: incident }), ['w_3']);
    assert.deepEqual(await ids({ subject: { kind: 'alert', id: 'f1' }, tenant: 'default' }), ['w_2', 'w_1']);
  });

  test('a workflow run that changed is in the feed with what a list shows', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const change = {
      at: T0,
      tenant: 'default',
      kind: 'workflow_run',
      id: 'w_a',
      status: 'starting',
    } as const;
    await store.commit({ workflowRuns: [sampleWorkflowRun('w_a')], changes: [change] });
    const [row] = (await reader.changes(0, 10)).rows;
    assert.deepEqual(row?.data, {
      id: 'w_a',
      status: 'starting',
      rule: 'restart',
      subject: { kind: 'alert', id: 'f1' },
      title: 'ConsumerStuck',
    });
  });
}
