import type { Alert } from '../model/alert.ts';
import { orderingKey } from '../model/fingerprint.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { partitionOf } from '../journal/partition.ts';
import type { Row } from './dump.ts';
import { TABLES, columnsOf } from './table.ts';

/** How many partitions the journals have on both sides. */
export interface Partitions {
  readonly before: number;
  readonly after: number;
}

const COLUMNS = columnsOf(TABLES.find(({ name }) => name === 'alerts')!);
const PARTITION = COLUMNS.indexOf('partition');
const DOCUMENT = COLUMNS.indexOf('document');

/**
 * Gives an alert the partition that its next record will come in, so that fold and expiry have one owner. Journals with the same number
 * of partitions agree on it, and the hub's own alerts belong to partition 0 anywhere.
 *
 * The exception: an endpoint's own labels change the fingerprint after the ordering key was made, and the key is kept nowhere. Such an alert
 * gets a partition that may be wrong until its next record puts it right; until then another node than the one that folds may expire it.
 */
export function placeAlert(row: Row, { before, after }: Partitions): Row {
  if (before === after) return row;
  const alert = JSON.parse(row[DOCUMENT] as string) as Alert;
  const partition =
    alert.integration === OWN_INTEGRATION
      ? 0
      : partitionOf(orderingKey(alert.tenant, alert.fingerprint), after);
  return withPartition(row, alert, partition);
}

/** The alert without what a move changes, for comparing both sides. */
export function unplaceAlert(row: Row): Row {
  return withPartition(row, JSON.parse(row[DOCUMENT] as string) as Alert, 0);
}

function withPartition(row: Row, alert: Alert, partition: number): Row {
  return row.with(PARTITION, partition).with(DOCUMENT, JSON.stringify({ ...alert, partition }));
}
