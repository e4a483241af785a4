import type { CommandOutcome } from '../model/alert-command.ts';
import type { ReceiptRow } from './port.ts';

/** A receipt as its columns are called in both dialects. */
export interface ReceiptColumns {
  readonly signal: string;
  readonly integration: string;
  readonly received_at: number;
  readonly processed_at: number;
  readonly status: ReceiptRow['status'];
  readonly parts: number;
  readonly parts_done: number;
  /** As text where the dialect has no JSON of its own. */
  readonly alerts: string | readonly string[];
  readonly duplicate_of: string | null;
  readonly outcome: string | null;
}

export function parseReceipt(row: ReceiptColumns): ReceiptRow {
  return {
    signal: row.signal,
    integration: row.integration,
    receivedAt: row.received_at,
    processedAt: row.processed_at,
    status: row.status,
    parts: row.parts,
    partsDone: row.parts_done,
    alerts: typeof row.alerts === 'string' ? (JSON.parse(row.alerts) as string[]) : row.alerts,
    ...(row.duplicate_of !== null && { duplicateOf: row.duplicate_of }),
    ...(row.outcome !== null && { outcome: JSON.parse(row.outcome) as CommandOutcome }),
  };
}
