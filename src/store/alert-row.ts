import type { Alert } from '../model/alert.ts';
import { matches } from '../model/matcher.ts';
import type { AlertQuery } from './reader.ts';

/** A document as both dialects keep it. */
export interface DocumentRow {
  readonly document: string;
}

export function parseAlert(row: DocumentRow): Alert {
  return JSON.parse(row.document) as Alert;
}

export interface AlertListRow extends DocumentRow {
  readonly seq: number;
  readonly changed_at: number;
  readonly tenant: string;
  readonly severity: string;
  readonly integration: string;
}

/** The columns are asked before the document is parsed, which is the dear part. */
export function pickAlert(row: AlertListRow, query: AlertQuery): Alert | undefined {
  if (query.tenant !== undefined && row.tenant !== query.tenant) return undefined;
  if (query.severity !== undefined && row.severity !== query.severity) return undefined;
  if (query.integration !== undefined && row.integration !== query.integration) return undefined;
  const alert = parseAlert(row);
  if (query.state !== undefined && (alert.lifecycle?.state ?? 'open') !== query.state) return undefined;
  if (query.assignee !== undefined && alert.lifecycle?.assignee !== query.assignee) return undefined;
  if (query.level !== undefined && alert.facts?.assessment?.level !== query.level) return undefined;
  if (query.overdue !== undefined && isOverdue(alert) !== query.overdue) return undefined;
  return matches(query.matchers ?? [], alert.labels) ? alert : undefined;
}

function isOverdue({ status, lifecycle }: Alert): boolean {
  return status === 'firing' && lifecycle?.overdueSince !== undefined;
}
