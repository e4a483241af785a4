/** How a value looks on its way: `json` is text in one spelling, whatever the engine makes of it. */
export type ColumnKind = 'text' | 'bigint' | 'integer' | 'boolean' | 'json';

/** A table as both engines have it. A row is the values of its columns, in their order. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** Unique, and the head of an index: batches are read in its order. */
  readonly key: readonly string[];
  /** The column that the store counts up by itself. */
  readonly counter?: 'seq' | 'id';
  /** Rows at once; few where a row may be large. */
  readonly batch: number;
}

const ROWS = 500;
/** A quarantined request may be as large as the intake takes, and base64 makes it a third larger. */
const LARGE_ROWS = 16;

/**
 * What is carried, in this order: groups and alerts before what refers to them. Left out: `positions` and `inputs`, which speak of offsets of
 * the former journal, `leases`, which nobody holds, and `meta`, which is set at the end.
 */
export const TABLES: readonly Table[] = [
  {
    name: 'revisions',
    columns: { seq: 'bigint', id: 'text', at: 'bigint', document: 'text' },
    key: ['id'],
    counter: 'seq',
    batch: LARGE_ROWS,
  },
  {
    name: 'heartbeats',
    columns: { integration: 'text', last_seen_at: 'bigint', silent: 'boolean' },
    key: ['integration'],
    batch: ROWS,
  },
  {
    name: 'connector_state',
    columns: { integration: 'text', key: 'text', value: 'text', expires_at: 'bigint' },
    key: ['integration', 'key'],
    batch: ROWS,
  },
  {
    name: 'claims',
    columns: { key: 'text', signal: 'text', expires_at: 'bigint' },
    key: ['key'],
    batch: ROWS,
  },
  {
    name: 'receipts',
    columns: {
      signal: 'text',
      integration: 'text',
      received_at: 'bigint',
      processed_at: 'bigint',
      status: 'text',
      parts: 'integer',
      parts_done: 'integer',
      alerts: 'json',
      duplicate_of: 'text',
      outcome: 'text',
    },
    key: ['signal'],
    batch: ROWS,
  },
  {
    name: 'quarantine',
    columns: {
      seq: 'bigint',
      id: 'text',
      tenant: 'text',
      integration: 'text',
      received_at: 'bigint',
      status: 'text',
      settled_at: 'bigint',
      problem: 'text',
      request: 'text',
    },
    key: ['id'],
    counter: 'seq',
    batch: LARGE_ROWS,
  },
  {
    name: 'alerts',
    columns: {
      seq: 'bigint',
      tenant: 'text',
      fingerprint: 'text',
      partition: 'integer',
      status: 'text',
      severity: 'text',
      integration: 'text',
      starts_at: 'bigint',
      ends_at: 'bigint',
      due_at: 'bigint',
      changed_at: 'bigint',
      document: 'text',
    },
    key: ['tenant', 'fingerprint'],
    counter: 'seq',
    batch: ROWS,
  },
  {
    name: 'groups',
    columns: {
      seq: 'bigint',
      id: 'text',
      scope: 'integer',
      tenant: 'text',
      receiver: 'text',
      flush_at: 'bigint',
      document: 'text',
    },
    key: ['seq'],
    counter: 'seq',
    batch: ROWS,
  },
  {
    name: 'group_members',
    columns: { group_id: 'text', fingerprint: 'text' },
    key: ['group_id', 'fingerprint'],
    batch: ROWS,
  },
  {
    name: 'notifications',
    columns: {
      seq: 'bigint',
      id: 'text',
      group_id: 'text',
      generation: 'bigint',
      receiver: 'text',
      created_at: 'bigint',
      document: 'text',
    },
    key: ['seq'],
    counter: 'seq',
    batch: 100,
  },
  {
    name: 'deliveries',
    columns: {
      seq: 'bigint',
      id: 'text',
      tenant: 'text',
      notification_id: 'text',
      group_id: 'text',
      generation: 'bigint',
      integration: 'text',
      origin: 'text',
      receiver: 'text',
      step: 'integer',
      rank: 'integer',
      status: 'text',
      attempts: 'integer',
      created_at: 'bigint',
      due_at: 'bigint',
      deadline_at: 'bigint',
      lease_until: 'bigint',
      settled_at: 'bigint',
      fault: 'text',
      summary: 'text',
    },
    key: ['seq'],
    counter: 'seq',
    batch: ROWS,
  },
  {
    name: 'attempts',
    columns: {
      delivery_id: 'text',
      number: 'integer',
      started_at: 'bigint',
      ended_at: 'bigint',
      outcome: 'text',
      code: 'text',
      detail: 'text',
    },
    key: ['delivery_id', 'number'],
    batch: ROWS,
  },
  {
    name: 'silences',
    columns: {
      seq: 'bigint',
      id: 'text',
      tenant: 'text',
      kind: 'text',
      starts_at: 'bigint',
      ends_at: 'bigint',
      document: 'text',
    },
    key: ['id'],
    counter: 'seq',
    batch: ROWS,
  },
  {
    name: 'inhibitors',
    columns: { tenant: 'text', key: 'text', two_sided: 'boolean', fingerprint: 'text' },
    key: ['tenant', 'key', 'two_sided', 'fingerprint'],
    batch: ROWS,
  },
  {
    name: 'inbox',
    columns: {
      id: 'bigint',
      group_id: 'text',
      scope: 'integer',
      tenant: 'text',
      route_key: 'text',
      labels: 'text',
      fingerprint: 'text',
      status: 'text',
      starts_at: 'bigint',
    },
    key: ['id'],
    counter: 'id',
    batch: ROWS,
  },
  {
    name: 'incidents',
    columns: {
      seq: 'bigint',
      id: 'text',
      scope_id: 'text',
      scope: 'integer',
      tenant: 'text',
      status: 'text',
      version: 'bigint',
      changed_at: 'bigint',
      closed_at: 'bigint',
      due_at: 'bigint',
      document: 'text',
    },
    key: ['seq'],
    counter: 'seq',
    batch: 100,
  },
  {
    name: 'incident_members',
    columns: {
      seq: 'bigint',
      incident_id: 'text',
      tenant: 'text',
      fingerprint: 'text',
      status: 'text',
      joined_at: 'bigint',
    },
    key: ['seq'],
    counter: 'seq',
    batch: ROWS,
  },
  {
    name: 'correlation_wakes',
    columns: {
      id: 'bigint',
      scope_id: 'text',
      scope: 'integer',
      tenant: 'text',
      rule: 'text',
      fingerprint: 'text',
    },
    key: ['id'],
    counter: 'id',
    batch: ROWS,
  },
  {
    name: 'models',
    columns: { tenant: 'text', updated_at: 'bigint', document: 'text' },
    key: ['tenant'],
    batch: 10,
  },
  {
    name: 'outcomes',
    columns: { id: 'bigint', scope: 'integer', document: 'text' },
    key: ['id'],
    counter: 'id',
    batch: ROWS,
  },
  {
    name: 'costs',
    columns: {
      day: 'integer',
      tenant: 'text',
      cost_center: 'text',
      environment: 'text',
      namespace: 'text',
      business_unit: 'text',
      episodes: 'bigint',
    },
    key: ['day', 'tenant', 'cost_center', 'environment', 'namespace', 'business_unit'],
    batch: ROWS,
  },
  {
    name: 'namespaces',
    columns: {
      seq: 'bigint',
      tenant: 'text',
      cluster: 'text',
      namespace: 'text',
      state: 'text',
      environment: 'text',
      changed_at: 'bigint',
      document: 'text',
    },
    key: ['tenant', 'cluster', 'namespace'],
    counter: 'seq',
    batch: ROWS,
  },
  {
    name: 'namespace_entries',
    columns: {
      seq: 'bigint',
      tenant: 'text',
      cluster: 'text',
      namespace: 'text',
      at: 'bigint',
      document: 'text',
    },
    key: ['seq'],
    counter: 'seq',
    batch: ROWS,
  },
  {
    name: 'namespace_news',
    columns: { id: 'bigint', scope: 'integer', document: 'text' },
    key: ['id'],
    counter: 'id',
    batch: ROWS,
  },
  {
    name: 'changes',
    columns: { seq: 'bigint', at: 'bigint', tenant: 'text', kind: 'text', id: 'text', status: 'text' },
    key: ['seq'],
    counter: 'seq',
    batch: ROWS,
  },
];

export function columnsOf(table: Table): readonly string[] {
  return Object.keys(table.columns);
}
