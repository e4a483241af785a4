import type { Sql } from '../../lib/sqlite.ts';
import type { ReceiptRow } from '../port.ts';
import { parseReceipt, type ReceiptColumns } from '../receipt-row.ts';

/**
 * The records of one signal are processed one by one, and their rows add up. A quarantined part keeps the whole signal quarantined
 * until it is re-driven.
 */
const SAVE = `INSERT INTO receipts
  (signal, integration, received_at, processed_at, status, parts, parts_done, alerts, duplicate_of, outcome)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (signal) DO UPDATE SET
    processed_at = max(processed_at, excluded.processed_at),
    status = CASE WHEN 'quarantined' IN (status, excluded.status) THEN 'quarantined' ELSE 'processed' END,
    parts = max(parts, excluded.parts),
    parts_done = min(max(parts, excluded.parts), parts_done + excluded.parts_done),
    alerts = (SELECT json_group_array(value) FROM (
      SELECT value FROM json_each(receipts.alerts) UNION SELECT value FROM json_each(excluded.alerts))),
    duplicate_of = coalesce(duplicate_of, excluded.duplicate_of),
    outcome = coalesce(outcome, excluded.outcome)`;
const REDRIVEN = `UPDATE receipts SET status = 'processed' WHERE signal = ?`;
const FIND = 'SELECT * FROM receipts WHERE signal = ?';
/** The key is in the order of time, so what is old stands at the front, and a batch looks no further than its size. */
const EXPIRE = `DELETE FROM receipts WHERE signal IN (SELECT signal FROM (
  SELECT signal, processed_at FROM receipts ORDER BY signal LIMIT ?) WHERE processed_at < ?)`;

export function saveReceipt(sql: Sql, receipt: ReceiptRow): void {
  sql.run(
    SAVE,
    receipt.signal,
    receipt.integration,
    receipt.receivedAt,
    receipt.processedAt,
    receipt.status,
    receipt.parts,
    receipt.partsDone,
    JSON.stringify(receipt.alerts),
    receipt.duplicateOf ?? null,
    receipt.outcome === undefined ? null : JSON.stringify(receipt.outcome),
  );
}

/** The quarantined signal was parsed anew and went on. */
export function releaseReceipt(sql: Sql, signal: string): void {
  sql.run(REDRIVEN, signal);
}

export function findReceipt(sql: Sql, signal: string): ReceiptRow | undefined {
  const row = sql.get<ReceiptColumns>(FIND, signal);
  return row && parseReceipt(row);
}

export function findReceipts(sql: Sql, signals: readonly string[]): readonly ReceiptRow[] {
  return signals.map((signal) => findReceipt(sql, signal)).filter((row) => row !== undefined);
}

export function expireReceipts(sql: Sql, before: number, limit: number): number {
  return sql.run(EXPIRE, limit, before);
}
