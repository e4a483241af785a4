import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatReceipt } from '../../model/receipt.ts';
import type { ReceiptRow } from '../../store/port.ts';
import { createFakeServices } from '../testing/fake-services.ts';
import { NOW } from '../testing/sample-rows.ts';
import { ask, startApi } from '../testing/start-api.ts';

const SIGNAL = '0193f0c2a4b1c93e5f00112233445566';
const RECEIPT = formatReceipt(SIGNAL, { partition: 0, offset: 41 });

function record(signal: string) {
  return { partition: 0, offset: 41, key: 'k', at: NOW, value: JSON.stringify({ v: 1, meta: { signal } }) };
}

function row(change: Partial<ReceiptRow> = {}): ReceiptRow {
  return {
    signal: SIGNAL,
    integration: 'prom',
    receivedAt: NOW - 50,
    processedAt: NOW,
    status: 'processed',
    parts: 2,
    partsDone: 2,
    alerts: ['5ef77f1f8a3ecfd7'],
    ...change,
  };
}

test('[BR-WH-014] [BR-WH-015] a signal is accepted while it waits in the journal and processed with its alerts afterwards', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  services.rows.position = 41;
  services.rows.records.push(record(SIGNAL));
  const before = await ask(`${url}/api/v1/receipts/${RECEIPT}`);
  assert.deepEqual(
    [before.status, before.json()],
    [200, { receipt: RECEIPT, status: 'accepted', alerts: [] }],
  );

  services.rows.position = 42;
  services.rows.receipts.push(row());
  const after = await ask(`${url}/api/v1/receipts/${RECEIPT}`);
  assert.deepEqual(after.json(), {
    receipt: RECEIPT,
    status: 'processed',
    integration: 'prom',
    received_at: '2026-03-01T09:29:59.950Z',
    processed_at: '2026-03-01T09:30:00.000Z',
    parts: 2,
    parts_done: 2,
    alerts: ['5ef77f1f8a3ecfd7'],
  });
});

test('[BR-WH-015] a signal of which a part still waits is accepted, a quarantined one and a duplicate say so', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  services.rows.position = 100;
  const show = async (change: Partial<ReceiptRow>) => {
    services.rows.receipts.splice(0, 1, row(change));
    return (await ask(`${url}/api/v1/receipts/${RECEIPT}`)).json();
  };
  const partly = await show({ partsDone: 1 });
  assert.deepEqual([partly.status, partly.parts_done, 'processed_at' in partly], ['accepted', 1, false]);
  assert.equal((await show({ status: 'quarantined', alerts: [] })).status, 'quarantined');
  assert.equal((await show({ duplicateOf: 'earlier' })).duplicate_of, 'earlier');
});

test('a receipt that this hub did not hand out is not found, one that is no longer kept has expired', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  const code = async (receipt: string) => (await ask(`${url}/api/v1/receipts/${receipt}`)).json().code;

  services.rows.position = 41;
  services.rows.records.push(record('f'.repeat(32)));
  assert.equal(await code(RECEIPT), 'not_found', 'another signal stands at that place');
  services.rows.records.splice(0, 1, { ...record(SIGNAL), value: 'not JSON' });
  assert.equal(await code(RECEIPT), 'not_found', 'the record is not one of ours');
  services.rows.records.splice(0, 1);
  assert.equal(await code(RECEIPT), 'not_found', 'nothing stands at that place');
  assert.equal(await code('nonsense'), 'not_found');
  assert.equal(
    await code(formatReceipt(SIGNAL, { partition: 7, offset: 41 })),
    'not_found',
    'no such partition',
  );

  services.rows.position = 42;
  assert.equal(await code(RECEIPT), 'receipt_expired');
});
