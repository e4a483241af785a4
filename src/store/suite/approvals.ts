import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StaleApproval } from '../port.ts';
import { openBoth, type CreatePlace } from './place.ts';
import { T0, sampleAlert, sampleApproval } from './samples.ts';

/** Decisions that wait for a person. */
export function approvalTests(createPlace: CreatePlace): void {
  test('an approval comes back as saved, and of two answers to what was read one stands, with all else of its commit', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const asked = sampleApproval('a');
    await store.commit({ approvals: [asked] });
    assert.deepEqual(await store.approval('a'), asked);
    const approved = { ...asked, version: 2, state: 'approved', answer: { by: 'grace' } } as const;
    await store.commit({ approvals: [approved] });
    const late = store.commit({
      approvals: [{ ...asked, version: 2, state: 'rejected' }],
      alerts: [sampleAlert('a')],
    });
    await assert.rejects(late, StaleApproval);
    assert.deepEqual(await reader.approval('a'), approved);
    assert.equal(await reader.alert('default', 'a'), undefined);
    assert.equal(await store.approval('missing'), undefined);
  });

  test('what waits is counted by what it is about, with the age of the oldest', async (t) => {
    const { store } = await openBoth(t, createPlace);
    assert.deepEqual(await store.pendingApprovalCounts(), []);
    const subject = { kind: 'request', id: 'r' } as const;
    await store.commit({
      approvals: [
        sampleApproval('young', { requestedAt: T0 + 5 }),
        sampleApproval('old', { requestedAt: T0 + 1 }),
        sampleApproval('over', { requestedAt: T0, state: 'rejected' }),
        sampleApproval('other', { requestedAt: T0 + 9, subject }),
      ],
    });
    const counts = await store.pendingApprovalCounts();
    assert.deepEqual(
      counts.map((row) => ({ ...row })).toSorted((left, right) => left.oldestAt - right.oldestAt),
      [
        { kind: 'dead_letter', count: 2, oldestAt: T0 + 1 },
        { kind: 'request', count: 1, oldestAt: T0 + 9 },
      ],
    );
  });

  test('approvals are due by their column, earliest first, and those without one never', async (t) => {
    const { store } = await openBoth(t, createPlace);
    assert.equal(await store.nextApprovalDue(), Infinity);
    const { dueAt: _, ...over } = sampleApproval('over', { state: 'rejected', settledAt: T0 });
    await store.commit({
      approvals: [
        sampleApproval('late', { dueAt: T0 + 30 }),
        sampleApproval('soon', { dueAt: T0 + 10 }),
        sampleApproval('next', { dueAt: T0 + 20 }),
        over,
      ],
    });
    assert.equal(await store.nextApprovalDue(), T0 + 10);
    const due = await store.dueApprovals(T0 + 20, 10);
    assert.deepEqual(
      due.map(({ id }) => id),
      ['soon', 'next'],
    );
    assert.equal((await store.dueApprovals(T0 + 99, 1)).length, 1);
  });

  test('what is asked about something is found while it is pending', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const subject = { kind: 'dead_letter', id: 'd1' } as const;
    await store.commit({
      approvals: [
        sampleApproval('answered', { state: 'approved' }),
        sampleApproval('open'),
        sampleApproval('other', { subject: { ...subject, id: 'd2' } }),
      ],
    });
    assert.deepEqual(
      (await store.pendingApprovals(subject)).map(({ id }) => id),
      ['open'],
    );
  });

  test('approvals are listed newest first, page by page, by tenant, state and subject', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({ approvals: [sampleApproval('1')] });
    await store.commit({ approvals: [sampleApproval('2', { state: 'rejected', settledAt: T0 })] });
    await store.commit({ approvals: [sampleApproval('3', { subject: { kind: 'dead_letter', id: 'd2' } })] });
    await store.commit({ approvals: [sampleApproval('4', { tenant: 'other' })] });
    const page = await reader.approvals({ limit: 2, tenant: 'default' });
    assert.deepEqual(
      page.items.map(({ id }) => id),
      ['3', '2'],
    );
    const rest = await reader.approvals({ limit: 2, tenant: 'default', cursor: page.next! });
    assert.deepEqual(
      rest.items.map(({ id }) => id),
      ['1'],
    );
    const ids = async (query: Omit<Parameters<typeof reader.approvals>[0], 'limit'>) =>
      (await reader.approvals({ limit: 9, ...query })).items.map(({ id }) => id);
    assert.deepEqual(await ids({ state: 'pending' }), ['4', '3', '1']);
    assert.deepEqual(await ids({ state: 'rejected' }), ['2']);
    assert.deepEqual(await ids({ subject: { kind: 'dead_letter', id: 'd1' }, tenant: 'default' }), [
      '2',
      '1',
    ]);
  });

  test('an approval that changed is in the feed with what is asked', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const change = { at: T0, tenant: 'default', kind: 'approval', id: 'a', status: 'pending' } as const;
    await store.commit({ approvals: [sampleApproval('a')], changes: [change] });
    const [row] = (await reader.changes(0, 10)).rows;
    assert.deepEqual(row?.data, {
      id: 'a',
      state: 'pending',
      question: 'Send the dead letter d1 to erp again?',
      subject: { kind: 'dead_letter', id: 'd1' },
      requested_by: 'ada',
    });
  });
}
