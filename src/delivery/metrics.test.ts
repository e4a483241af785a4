import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetricSet } from '../lib/metrics.ts';
import { countAttempt, createDeliveryMetrics } from './metrics.ts';

test('a message counts as failed when it is given up, or when it is still tried five minutes after it was made', async () => {
  const set = createMetricSet('without-process');
  const metrics = createDeliveryMetrics(set);
  const delivery = { integration: 'pager', createdAt: 0 };
  const attempt = (endedAt: number, outcome: 'delivered' | 'failed') => ({
    deliveryId: 'd',
    number: 1,
    startedAt: endedAt - 1_000,
    endedAt,
    outcome,
    code: 'SB_UNAVAILABLE',
    detail: '',
  });
  const counts = async (): Promise<readonly number[]> => {
    const text = await set.text();
    return ['signalbox_notifications_total', 'signalbox_notifications_failed_total'].map((name) =>
      Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0),
    );
  };
  countAttempt(metrics, delivery, attempt(60_000, 'failed'), false);
  assert.deepEqual(await counts(), [0, 0]);
  countAttempt(metrics, delivery, attempt(300_000, 'failed'), false);
  assert.deepEqual(await counts(), [1, 1]);
  countAttempt(metrics, delivery, attempt(400_000, 'failed'), true);
  assert.deepEqual(await counts(), [2, 2]);
  countAttempt(metrics, delivery, attempt(1_000, 'delivered'), true);
  assert.deepEqual(await counts(), [3, 2]);
});
