import type { ReceiptRow } from '../port.ts';
import { parseReceipt, type ReceiptColumns } from '../receipt-row.ts';
import { inOrder } from './batch.ts';
import { BY_ID, type DailyTable } from './partitions.ts';
import type { Sql } from './sql.ts';

export const RECEIPTS: DailyTable = { name: 'receipts', boundOf: BY_ID };

/**
 * The records of one signal are processed one by one, and their rows add up. A quarantined part keeps the whole signal quarantined
 * until it is re-driven.
 */
const SAVE = `INSERT INTO receipts
  (signal, integration, received_at, processed_at, status, parts, parts_done, alerts, duplicate_of, outcome)
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::int[], $7::int[], $8::jsonb[], $9::text[],
    $10::text[])
  ON CONFLICT (signal) DO UPDATE SET
    processed_at = greatest(receipts.processed_at, excluded.processed_at),
    status = CASE WHEN 'quarantined' IN (receipts.status, excluded.status) THEN 'quarantined' ELSE 'processed' END,
    parts = greatest(receipts.parts, excluded.parts),
    parts_done = least(greatest(receipts.parts, excluded.parts), receipts.parts_done + excluded.parts_done),
    alerts = (SELECT coalesce(jsonb_agg(DISTINCT alert), '[]') FROM jsonb_array_elements(receipts.alerts || excluded.alerts) alert),
    duplicate_of = coalesce(receipts.duplicate_of, excluded.duplicate_of),
    outcome = coalesce(receipts.outcome, excluded.outcome)`;
const REDRIVEN = `UPDATE receipts SET status = 'processed' WHERE signal = ANY ($1)`;
const FIND = 'SELECT * FROM receipts WHERE signal = ANY ($1)';

export async function saveReceipts(sql: Sql, receipts: readonly ReceiptRow[]): Promise<void> {
  const rows = inOrder(addUp(receipts), ({ signal }) => signal);
  await sql.run(
    SAVE,
    rows.map(({ signal }) => signal),
    rows.map(({ integration }) => integration),
    rows.map(({ receivedAt }) => receivedAt),
    rows.map(({ processedAt }) => processedAt),
    rows.map(({ status }) => status),
    rows.map(({ parts }) => parts),
    rows.map(({ partsDone }) => partsDone),
    rows.map(({ alerts }) => JSON.stringify(alerts)),
    rows.map(({ duplicateOf }) => duplicateOf ?? null),
    rows.map(({ outcome }) => (outcome === undefined ? null : JSON.stringify(outcome))),
  );
}

/** The quarantined signals were parsed anew and went on. */
export async function releaseReceipts(sql: Sql, signals: readonly string[]): Promise<void> {
  await sql.run(REDRIVEN, signals);
}

export async function findReceipt(sql: Sql, signal: string): Promise<ReceiptRow | undefined> {
  return (await findReceipts(sql, [signal]))[0];
}

export async function findReceipts(sql: Sql, signals: readonly string[]): Promise<readonly ReceiptRow[]> {
  return (await sql.all<ReceiptColumns>(FIND, signals)).map(parseReceipt);
}

/** One row per signal, as the statement adds up those of two commits: a batch often has all the parts of one signal. */
function addUp(receipts: readonly ReceiptRow[]): readonly ReceiptRow[] {
  const sums = new Map<string, ReceiptRow>();
  const alerts = new Map<string, Set<string>>();
  for (const row of receipts) {
    const known = sums.get(row.signal);
    const seen = alerts.get(row.signal) ?? new Set();
    alerts.set(row.signal, seen);
    for (const alert of row.alerts) seen.add(alert);
    sums.set(row.signal, known ? sum(known, row) : row);
  }
  return [...sums.values()].map((row) => ({ ...row, alerts: [...alerts.get(row.signal)!] }));
}

function sum(left: ReceiptRow, right: ReceiptRow): ReceiptRow {
  const parts = Math.max(left.parts, right.parts);
  const duplicateOf = left.duplicateOf ?? right.duplicateOf;
  return {
    ...left,
    processedAt: Math.max(left.processedAt, right.processedAt),
    status: left.status === 'quarantined' ? 'quarantined' : right.status,
    parts,
    partsDone: Math.min(parts, left.partsDone + right.partsDone),
    ...(duplicateOf !== undefined && { duplicateOf }),
  };
}
