import type { QuarantineRow } from './port.ts';

export type QuarantineHead = Omit<QuarantineRow, 'request'>;

/** A quarantined signal as its columns are called in both dialects, without the request, which may be large. */
export interface QuarantineHeadRow {
  readonly seq: number;
  readonly id: string;
  readonly tenant: string;
  readonly integration: string;
  readonly received_at: number;
  readonly status: QuarantineRow['status'];
  readonly problem: string;
}

export interface QuarantineFullRow extends QuarantineHeadRow {
  readonly request: string;
}

export function parseQuarantineHead(row: QuarantineHeadRow): QuarantineHead {
  return {
    id: row.id,
    tenant: row.tenant,
    integration: row.integration,
    receivedAt: row.received_at,
    status: row.status,
    problem: JSON.parse(row.problem) as QuarantineRow['problem'],
  };
}

export function parseQuarantined(row: QuarantineFullRow): QuarantineRow {
  return { ...parseQuarantineHead(row), request: JSON.parse(row.request) as QuarantineRow['request'] };
}
