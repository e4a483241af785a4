import type { Migration } from './migration.ts';

const PLUMBING = `
  CREATE TABLE meta (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT NOT NULL
  );

  CREATE TABLE positions (
    partition INTEGER PRIMARY KEY,
    next BIGINT NOT NULL
  );

  CREATE TABLE leases (
    name TEXT COLLATE "C" PRIMARY KEY,
    owner TEXT COLLATE "C" NOT NULL,
    token BIGINT NOT NULL,
    until TIMESTAMPTZ NOT NULL
  );

  CREATE TABLE revisions (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    id TEXT COLLATE "C" PRIMARY KEY,
    at BIGINT NOT NULL,
    document TEXT NOT NULL
  );

  CREATE TABLE heartbeats (
    integration TEXT COLLATE "C" PRIMARY KEY,
    last_seen_at BIGINT NOT NULL,
    silent BOOLEAN NOT NULL
  );

  CREATE TABLE connector_state (
    integration TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (integration, key)
  );
  CREATE INDEX connector_state_expiry ON connector_state (expires_at);
`;

/**
 * Ids of signals begin with their time, so the key of receipts is also their order in time, and one partition is one day. What has no
 * partition of its own lies in the default one, which is nearly empty and is therefore the only one with an index for retention.
 */
const SIGNALS = `
  CREATE TABLE claims (
    key TEXT COLLATE "C" PRIMARY KEY,
    signal TEXT NOT NULL,
    expires_at BIGINT NOT NULL
  );
  CREATE INDEX claims_expiry ON claims (expires_at);

  CREATE TABLE receipts (
    signal TEXT COLLATE "C" PRIMARY KEY,
    integration TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    processed_at BIGINT NOT NULL,
    status TEXT NOT NULL,
    parts INTEGER NOT NULL,
    parts_done INTEGER NOT NULL,
    alerts JSONB NOT NULL,
    duplicate_of TEXT
  ) PARTITION BY RANGE (signal);
  CREATE TABLE receipts_default PARTITION OF receipts DEFAULT;
  CREATE INDEX receipts_default_expiry ON receipts_default (processed_at);

  CREATE TABLE quarantine (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    id TEXT COLLATE "C" PRIMARY KEY,
    tenant TEXT NOT NULL,
    integration TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    settled_at BIGINT,
    problem TEXT NOT NULL,
    request TEXT NOT NULL
  );
  CREATE INDEX quarantine_by_time ON quarantine (received_at, seq);
  CREATE INDEX quarantine_by_status ON quarantine (status, received_at, seq);
`;

const ALERTS = `
  CREATE TABLE alerts (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    tenant TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    partition INTEGER NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    severity TEXT NOT NULL,
    integration TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT,
    changed_at BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant, fingerprint)
  );
  CREATE INDEX alerts_by_change ON alerts (status, changed_at, seq);
  CREATE INDEX alerts_expiring ON alerts (partition, ends_at) WHERE status = 'firing' AND ends_at IS NOT NULL;
`;

/** The inbox empties as fast as it fills, so its dead rows are cleared away by their number and not by its size. */
const GROUPS = `
  CREATE TABLE inbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_id TEXT NOT NULL,
    scope INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    route_key TEXT NOT NULL,
    labels TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status TEXT NOT NULL,
    starts_at BIGINT NOT NULL
  ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
  CREATE INDEX inbox_of_scope ON inbox (scope, id);

  CREATE TABLE groups (
    seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id TEXT COLLATE "C" PRIMARY KEY,
    scope INTEGER NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    receiver TEXT NOT NULL,
    flush_at BIGINT NOT NULL,
    document TEXT NOT NULL
  );
  CREATE INDEX groups_due ON groups (scope, flush_at);

  CREATE TABLE group_members (
    group_id TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (group_id, fingerprint)
  );
`;

/**
 * `rank` is the priority: 0 critical, 1 warning, 2 info. A lane is one (group, integration). A group that keeps on telling has thousands of
 * deliveries and few open ones, so those have an index of their own.
 */
const DELIVERIES = `
  CREATE TABLE notifications (
    seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id TEXT COLLATE "C" PRIMARY KEY,
    group_id TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    receiver TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    document TEXT NOT NULL
  );

  CREATE TABLE deliveries (
    seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id TEXT COLLATE "C" PRIMARY KEY,
    tenant TEXT NOT NULL,
    notification_id TEXT COLLATE "C" NOT NULL,
    group_id TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    integration TEXT COLLATE "C" NOT NULL,
    origin TEXT NOT NULL,
    receiver TEXT NOT NULL,
    step INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    attempts INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    deadline_at BIGINT NOT NULL,
    lease_until BIGINT,
    settled_at BIGINT,
    fault TEXT,
    summary TEXT
  );
  CREATE INDEX deliveries_pending ON deliveries (integration, rank, due_at, seq) WHERE status = 'pending';
  CREATE INDEX deliveries_sending ON deliveries (lease_until) WHERE status = 'sending';
  CREATE INDEX deliveries_open ON deliveries (group_id, integration) WHERE status IN ('pending', 'sending');
  CREATE INDEX deliveries_of_group ON deliveries (group_id, integration, generation);
  CREATE INDEX deliveries_troubled ON deliveries (status, seq) WHERE status IN ('dead', 'unknown', 'discarded');

  CREATE TABLE attempts (
    delivery_id TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    code TEXT,
    detail TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
  );
`;

/** History, only ever appended: one partition is one day, and goes as a whole. `changes.ts` says what the numbers of changes promise. */
const RECORDS = `
  CREATE TABLE inputs (
    id BIGINT NOT NULL,
    step TEXT NOT NULL,
    now BIGINT NOT NULL,
    revision TEXT NOT NULL,
    what TEXT NOT NULL
  ) PARTITION BY RANGE (now);
  CREATE SEQUENCE input_numbers OWNED BY inputs.id;
  ALTER TABLE inputs ALTER id SET DEFAULT nextval('input_numbers');
  CREATE TABLE inputs_default PARTITION OF inputs DEFAULT;
  CREATE INDEX inputs_default_expiry ON inputs_default (now);

  CREATE TABLE changes (
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL
  ) PARTITION BY RANGE (at);
  CREATE SEQUENCE change_numbers OWNED BY changes.seq;
  ALTER TABLE changes ALTER seq SET DEFAULT nextval('change_numbers');
  CREATE INDEX changes_in_order ON changes (seq);
  CREATE TABLE changes_default PARTITION OF changes DEFAULT;
  CREATE INDEX changes_default_expiry ON changes_default (at);
`;

/**
 * Documents are JSON as the model has them, kept as text, because `jsonb` refuses the zero characters that JSON allows; a column beside one
 * is there because a query searches or sorts by it. What is compared or sorted has the order of bytes, whatever language the database
 * speaks. All times are milliseconds since the epoch, but those of leases, which the server's own clock sets.
 */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  worksWith: 1,
  text: `${PLUMBING}${SIGNALS}${ALERTS}${GROUPS}${DELIVERIES}${RECORDS}`,
};
