import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetentionKind } from '../../model/settings.ts';
import type { Commit } from '../port.ts';
import { openBoth, type CreatePlace } from './place.ts';
import {
  T0,
  sampleAlert,
  sampleApproval,
  sampleAttempt,
  sampleChange,
  sampleDelivery,
  sampleIncident,
  sampleNamespaceEntry,
  sampleNotification,
  sampleQuarantine,
  sampleReceipt,
  sampleSilence,
  sampleWorkflowRun,
} from './samples.ts';

/** Five old rows of a kind. */
const OLD: Readonly<Record<Exclude<RetentionKind, 'journal'>, (id: string) => Commit>> = {
  alerts: (id) => ({ alerts: [sampleAlert(id, { status: 'resolved' })] }),
  incidents: (id) => ({ incidents: [sampleIncident(id, { status: 'closed', closedAt: T0 })] }),
  notifications: (id) => ({ notifications: [sampleNotification(id)] }),
  receipts: (id) => ({ receipts: [sampleReceipt(id)] }),
  inputs: () => ({ inputs: [{ step: 'fold', now: T0, revision: 'r', what: '{}' }] }),
  quarantine: (id) => ({ quarantine: [sampleQuarantine(id)] }),
  changes: (id) => ({ changes: [sampleChange(id)] }),
  silences: (id) => ({ silences: [sampleSilence(id)] }),
  namespaces: (id) => ({ namespaceEntries: [sampleNamespaceEntry(id)] }),
  approvals: (id) => ({ approvals: [sampleApproval(id, { state: 'rejected', settledAt: T0 })] }),
  workflow_runs: (id) => ({ workflowRuns: [sampleWorkflowRun(id, { status: 'failed', endedAt: T0 })] }),
};

export function retentionTests(createPlace: CreatePlace): void {
  for (const kind of Object.keys(OLD) as (keyof typeof OLD)[]) {
    test(`expiring ${kind} takes only what is old, in bounded batches`, async (t) => {
      const { store } = await openBoth(t, createPlace);
      for (const id of ['1', '2', '3', '4', '5']) await store.commit(OLD[kind](id));
      assert.equal(await store.expire(kind, T0, 10), 0);
      assert.equal(await store.expire(kind, T0 + 1_000, 2), 2);
      assert.equal(await store.expire(kind, T0 + 1_000, 2), 2);
      assert.equal(await store.expire(kind, T0 + 1_000, 2), 1);
      assert.equal(await store.expire(kind, T0 + 1_000, 2), 0);
    });
  }

  test('firing alerts stay, however old', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      alerts: [sampleAlert('firing'), sampleAlert('gone', { status: 'resolved' })],
    });
    assert.equal(await store.expire('alerts', T0 + 1, 10), 1);
    assert.ok(await reader.alert('default', 'firing'));
    assert.equal(await reader.alert('default', 'gone'), undefined);
  });

  test('a notification goes with its deliveries and attempts, once all are settled long enough', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const of = (id: string, settledAt?: number) => ({
      notificationId: id,
      groupId: 'g',
      generation: 1,
      ...(settledAt && { settledAt }),
    });
    await store.commit({
      notifications: ['open', 'young', 'ended'].map((id) => sampleNotification(id)),
      deliveries: [
        sampleDelivery('d1', of('open')),
        sampleDelivery('d2', { ...of('open', T0), status: 'delivered' }),
        sampleDelivery('d3', { ...of('young', T0 + 50), status: 'dead' }),
        sampleDelivery('d4', { ...of('ended', T0), status: 'delivered' }),
      ],
      attempts: ['d1', 'd2', 'd3', 'd4'].map((id) => sampleAttempt(id, 1)),
    });
    assert.equal(await store.expire('notifications', T0 + 1, 10), 1);
    assert.equal(await reader.notification('ended'), undefined);
    assert.equal(await reader.delivery('d4'), undefined);
    assert.deepEqual(await reader.attempts('d4'), []);
    for (const id of ['d1', 'd2', 'd3']) {
      assert.ok(await reader.delivery(id));
      assert.equal((await reader.attempts(id)).length, 1);
    }
  });
}
