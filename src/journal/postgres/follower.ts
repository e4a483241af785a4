import type { Connections } from '../../store/postgres/pool.ts';
import { listenTo } from '../../store/postgres/channel.ts';
import { readEnds } from './records.ts';

const CHANNEL = 'signalbox_journal';
export const NOTIFY = `SELECT pg_notify('${CHANNEL}', $1)`;
/** PostgreSQL takes 7,999 bytes. An empty payload says only that there is something. */
const MAX_PAYLOAD_CHARACTERS = 7_000;
/** How often to look without being told: somebody may have died between a commit and its announcement. */
const LOOK_MS = 1_000;

export interface Follower {
  /** Where a partition ends, if that is known well enough to say that there is nothing behind. */
  knownEnd(partition: number): number | undefined;
  /** Somebody else has seen that a partition ends here. */
  noteEnd(partition: number, end: number): void;
  close(): Promise<void>;
}

export interface FollowerOptions {
  readonly url: string;
  readonly connections: Connections;
  readonly applicationName?: string;
  /** A partition has grown. */
  readonly onRecords: () => void;
}

/** The ends of a batch as other nodes are told them. */
export function sayEnds(ends: ReadonlyMap<number, number>): string {
  const said = [...ends].map(([partition, end]) => `${partition}:${end}`).join(',');
  return said.length > MAX_PAYLOAD_CHARACTERS ? '' : said;
}

export function hearEnds(payload: string): readonly (readonly [partition: number, end: number])[] {
  return [...payload.matchAll(/(\d+):(\d+)/g)].map(([, partition, end]) => [Number(partition), Number(end)]);
}

/**
 * Knows where the partitions end, so that a reader of many partitions asks only for those that have something. It hears of appends, and
 * looks by itself once a second; while it looks, and after a look that failed, it knows nothing.
 */
export function followEnds(options: FollowerOptions): Follower {
  const { connections, onRecords } = options;
  const ends = new Map<number, number>();
  let isSure = false;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  /** True when it is news. */
  const grow = (partition: number, end: number): boolean => {
    if (end <= (ends.get(partition) ?? 0)) return false;
    ends.set(partition, end);
    return true;
  };

  const lookOnce = async (): Promise<void> => {
    isSure = false;
    try {
      const found = await connections.use(readEnds);
      const grown = found.map((end, partition) => grow(partition, end));
      isSure = true;
      if (grown.includes(true)) onRecords();
    } catch {
      // Whoever reads asks by itself meanwhile, and tells the trouble.
    }
  };
  const look = (): Promise<void> => {
    clearTimeout(timer);
    looking ??= lookOnce().finally(() => {
      looking = undefined;
      if (!closed) timer = setTimeout(() => void look(), LOOK_MS).unref();
    });
    return looking;
  };

  const channel = listenTo({
    url: options.url,
    channel: CHANNEL,
    ...(options.applicationName === undefined ? {} : { applicationName: options.applicationName }),
    onConnected: () => void look(),
    onSaid(payload) {
      if (payload === '') return void look();
      const grown = hearEnds(payload).map(([partition, end]) => grow(partition, end));
      if (grown.includes(true)) onRecords();
    },
    // Until it is heard again, the looks have to do.
    onTrouble: () => undefined,
  });
  void look();

  return {
    knownEnd: (partition) => (isSure ? (ends.get(partition) ?? 0) : undefined),
    noteEnd: (partition, end) => void grow(partition, end),
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
      await channel.close();
    },
  };
}
