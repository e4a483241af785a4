import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partitionOf } from '../journal/partition.ts';
import type { CommandBody } from '../model/record.ts';
import { commandKey, commandRecord } from './command-record.ts';

const alert = { tenant: 'default', fingerprint: '5ef77f1f8a3ecfd7' };

test("a command goes to the partition of its alert, by the alert's own ordering key where that leads there", () => {
  const own = partitionOf('default/5ef77f1f8a3ecfd7', 16);
  assert.equal(commandKey({ ...alert, partition: own }, 16), 'default/5ef77f1f8a3ecfd7');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 128 }), fc.nat(), (partitions, seed) => {
      const partition = seed % partitions;
      assert.equal(partitionOf(commandKey({ ...alert, partition }, partitions), partitions), partition);
    }),
  );
});

test('the record has a version of its own, so that a program that does not know commands keeps it whole', () => {
  const command = { ...alert, action: { kind: 'acknowledge' }, by: 'ada' } as const;
  const facts = { id: '0'.repeat(32), requestId: 'r', idempotencyKey: 'k', now: 0 };
  const body = JSON.parse(
    String(commandRecord({ ...alert, partition: 0 }, command, facts, 1).value),
  ) as CommandBody;
  assert.equal(body.v, 2);
  assert.equal(body.meta.deliveryId, 'command/default/5ef77f1f8a3ecfd7/acknowledge/k');
  assert.deepEqual(body.command, command);
});
