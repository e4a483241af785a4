import { Client } from 'pg';

/** What the shared store says of deliveries, and who owns what. Asked directly, past all links. */
export interface Database {
  /** All deliveries by id. */
  deliveries(): Promise<ReadonlyMap<string, DeliveryFacts>>;
  /** How many attempts a node left between mark and result, as far as others have settled them. */
  abandoned(): Promise<number>;
  /** Deliveries that still wait or are under way, wakes that no group has read, and groups whose tick is overdue; lines for a person. */
  open(): Promise<readonly string[]>;
  /** What was told of a key and what became of it, oldest first, and the group as it is; lines for a person. */
  history(key: string): Promise<readonly string[]>;
  /** Leases whose name begins so, and that have not run out. */
  leases(prefix: string): Promise<number>;
  /** Owners of leases that have not run out, most first: `node-1.<id>`. */
  owners(prefix: string): Promise<readonly string[]>;
  run(statement: string): Promise<void>;
}

export interface DeliveryFacts {
  readonly status: string;
  readonly attempts: number;
}

/** Groups tick every second. */
const OVERDUE_MS = 2_000;

/** @param url asked anew each time, because the primary may be another server by now */
export function createDatabase(url: () => string): Database {
  async function all<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: url(), connectionTimeoutMillis: 5_000 });
    // A server that goes away is told by the statement under way.
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }
  return {
    async deliveries() {
      const rows = await all<DeliveryFacts & { id: string }>('SELECT id, status, attempts FROM deliveries');
      return new Map(rows.map(({ id, status, attempts }) => [id, { status, attempts }]));
    },
    async abandoned() {
      const [row] = await all<{ count: string }>(
        `SELECT count(*) AS count FROM attempts WHERE outcome = 'unknown'`,
      );
      return Number(row!.count);
    },
    async open() {
      const rows = await all<Record<'id' | 'status' | 'integration' | 'due_at' | 'lease_until', string>>(
        `SELECT id, status, integration, due_at, lease_until FROM deliveries
          WHERE status IN ('pending', 'sending') ORDER BY seq LIMIT 100`,
      );
      const waiting = await all<Record<'id' | 'scope', string>>(
        'SELECT group_id AS id, scope FROM inbox LIMIT 100',
      );
      const overdue = await all<Record<'id' | 'scope' | 'flush_at', string>>(
        'SELECT id, scope, flush_at FROM groups WHERE flush_at < $1 LIMIT 100',
        [Date.now() - OVERDUE_MS],
      );
      return [
        ...rows.map(
          ({ id, status, integration, due_at: due, lease_until: until }) =>
            `${id} ${status} at ${integration}, due ${due}, lease until ${until}`,
        ),
        ...waiting.map(({ id, scope }) => `a wake for group ${id} of scope ${scope}`),
        ...overdue.map(({ id, scope, flush_at: due }) => `group ${id} of scope ${scope} was due at ${due}`),
      ];
    },
    async history(key) {
      const like = `%"${key}"%`;
      const told = await all<Record<string, unknown>>(
        `SELECT n.group_id, n.generation, n.created_at, d.id, d.status, d.attempts, d.settled_at, d.summary
          FROM notifications n JOIN deliveries d ON d.notification_id = n.id
          WHERE n.document LIKE $1 ORDER BY n.generation, d.seq`,
        [like],
      );
      const groups = await all<Record<string, unknown>>(
        'SELECT id, scope, flush_at, document FROM groups WHERE document LIKE $1',
        [like],
      );
      const alerts = await all<Record<string, unknown>>(
        'SELECT partition, document FROM alerts WHERE document LIKE $1',
        [like],
      );
      return [...told, ...groups, ...alerts].map((row) => JSON.stringify(row));
    },
    async leases(prefix) {
      const [row] = await all<{ count: string }>(
        'SELECT count(*) AS count FROM leases WHERE starts_with(name, $1) AND until > clock_timestamp()',
        [prefix],
      );
      return Number(row!.count);
    },
    async owners(prefix) {
      const rows = await all<{ owner: string }>(
        `SELECT owner FROM leases WHERE starts_with(name, $1) AND until > clock_timestamp()
          GROUP BY owner ORDER BY count(*) DESC, owner`,
        [prefix],
      );
      return rows.map(({ owner }) => owner);
    },
    async run(statement) {
      await all(statement);
    },
  };
}
