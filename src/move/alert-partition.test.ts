import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from '../journal/partition.ts';
import { orderingKey } from '../model/fingerprint.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { Alert } from '../model/alert.ts';
import { sampleAlert } from '../store/suite/samples.ts';
import { placeAlert, unplaceAlert } from './alert-partition.ts';
import type { Row } from './dump.ts';

function rowOf(alert: Alert): Row {
  const { tenant, fingerprint, partition, status, severity, integration, startsAt, changedAt } = alert;
  const document = JSON.stringify(alert);
  return [
    7,
    tenant,
    fingerprint,
    partition,
    status,
    severity,
    integration,
    startsAt,
    null,
    null,
    changedAt,
    document,
  ];
}

test('an alert goes to the partition of its ordering key, in the row and in the document', () => {
  const row = placeAlert(rowOf(sampleAlert('0a')), { before: 1, after: 32 });
  const partition = partitionOf(orderingKey('default', '0a'), 32);
  assert.notEqual(partition, 0, 'a fingerprint that shows something');
  assert.deepEqual(row, rowOf(sampleAlert('0a', { partition })));
});

test('the hub’s own alerts belong to the first partition, and between journals of one size nothing changes', () => {
  const own = sampleAlert('0a', { integration: OWN_INTEGRATION, partition: 0 });
  assert.deepEqual(placeAlert(rowOf(own), { before: 1, after: 32 }), rowOf(own));
  const placed = rowOf(sampleAlert('0a', { partition: 3 }));
  assert.deepEqual(placeAlert(placed, { before: 32, after: 32 }), placed);
});

test('for comparing, the partition does not count and everything else does', () => {
  const here = unplaceAlert(rowOf(sampleAlert('0a', { partition: 3 })));
  assert.deepEqual(here, unplaceAlert(rowOf(sampleAlert('0a', { partition: 0 }))));
  assert.notDeepEqual(here, unplaceAlert(rowOf(sampleAlert('0a', { occurrences: 2 }))));
});
