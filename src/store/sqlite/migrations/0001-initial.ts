import type { Migration } from '../../../lib/sqlite-migrations.ts';

/**
 * Documents are JSON as the model has them; a column beside one is there because a query searches or sorts by it. Every index is paid
 * for by each commit, so most are partial and hold only what is open. All times are milliseconds since the epoch.
 */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  up: (sql) => sql.exec(`${PLUMBING}${SIGNALS}${ALERTS}${GROUPS}${DELIVERIES}${RECORDS}`),
};

const PLUMBING = `
  CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE positions (
    partition INTEGER PRIMARY KEY,
    next INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE revisions (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    document TEXT NOT NULL
  ) STRICT;

  CREATE TABLE heartbeats (
    integration TEXT PRIMARY KEY,
    last_seen_at INTEGER NOT NULL,
    silent INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE connector_state (
    integration TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (integration, key)
  ) STRICT;
  CREATE INDEX connector_state_expiry ON connector_state (expires_at);
`;

/** Ids of signals are time-ordered, so the key of receipts is also their order in time. */
const SIGNALS = `
  CREATE TABLE claims (
    key TEXT PRIMARY KEY,
    signal TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX claims_expiry ON claims (expires_at);

  CREATE TABLE receipts (
    signal TEXT PRIMARY KEY,
    integration TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    processed_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    parts INTEGER NOT NULL,
    parts_done INTEGER NOT NULL,
    alerts TEXT NOT NULL,
    duplicate_of TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE quarantine (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    integration TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    settled_at INTEGER,
    problem TEXT NOT NULL,
    request TEXT NOT NULL
  ) STRICT;
  CREATE INDEX quarantine_by_time ON quarantine (received_at);
  CREATE INDEX quarantine_by_status ON quarantine (status, received_at);
`;

const ALERTS = `
  CREATE TABLE alerts (
    seq INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status TEXT NOT NULL,
    severity TEXT NOT NULL,
    integration TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER,
    changed_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (tenant, fingerprint)
  ) STRICT;
  CREATE INDEX alerts_by_change ON alerts (status, changed_at);
  CREATE INDEX alerts_expiring ON alerts (ends_at) WHERE status = 'firing' AND ends_at IS NOT NULL;
`;

/**
 * A group whose `flush_at` is NULL is gone; its row stays until its deliveries go, because it gives them their number. Numbers ascend with
 * time where hashes are scattered: what is written together lies together, and a commit touches few pages.
 */
const GROUPS = `
  CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    route_key TEXT NOT NULL,
    labels TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status TEXT NOT NULL,
    starts_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE groups (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    receiver TEXT NOT NULL,
    flush_at INTEGER,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX groups_due ON groups (flush_at) WHERE flush_at IS NOT NULL;

  CREATE TABLE group_members (
    group_seq INTEGER NOT NULL,
    alert_seq INTEGER NOT NULL,
    PRIMARY KEY (group_seq, alert_seq)
  ) STRICT, WITHOUT ROWID;
`;

/** `rank` is the priority: 0 critical, 1 warning, 2 info. A lane is one (group, integration). */
const DELIVERIES = `
  CREATE TABLE notifications (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    group_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    receiver TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    document TEXT NOT NULL
  ) STRICT;

  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    notification_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    group_seq INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    integration TEXT NOT NULL,
    origin TEXT NOT NULL,
    receiver TEXT NOT NULL,
    step INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    deadline_at INTEGER NOT NULL,
    lease_until INTEGER,
    settled_at INTEGER,
    fault TEXT,
    summary TEXT
  ) STRICT;
  CREATE INDEX deliveries_pending ON deliveries (integration, rank, due_at) WHERE status = 'pending';
  CREATE INDEX deliveries_sending ON deliveries (lease_until) WHERE status = 'sending';
  CREATE INDEX deliveries_of_group ON deliveries (group_seq, integration, generation);
  CREATE INDEX deliveries_troubled ON deliveries (status) WHERE status IN ('dead', 'unknown', 'discarded');

  CREATE TABLE attempts (
    delivery_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    code TEXT,
    detail TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
  ) STRICT, WITHOUT ROWID;
`;

const RECORDS = `
  CREATE TABLE inputs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    step TEXT NOT NULL,
    now INTEGER NOT NULL,
    revision TEXT NOT NULL,
    what TEXT NOT NULL
  ) STRICT;

  CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL
  ) STRICT;
`;
