import type { WebSocket } from 'ws';
import type { Change } from '../../store/port.ts';
import type { StreamQuery } from './stream-query.ts';

/** Close codes of RFC 6455 and its registry. */
export const CLOSE = { goingAway: 1001, policy: 1008, error: 1011, tryAgainLater: 1013 } as const;

/** One row of the feed, made into text once for all clients. */
export interface FeedRow {
  readonly seq: number;
  readonly kind: Change['kind'];
  readonly text: string;
}

/** One connection: how far it has read, and what it wants to see. */
export interface StreamClient {
  /** Everything up to here was sent or filtered out. */
  cursor: number | undefined;
  isOpen(): boolean;
  /** Sends what it wants of these rows and waits until they are handed to the system: for replays. */
  replay(rows: readonly FeedRow[], cursor: number): Promise<void>;
  /** Sends at once; closes with 1013 a client that reads too slowly (it resumes later by its cursor). */
  push(rows: readonly FeedRow[], cursor: number): void;
  /** Tells the client to load everything anew and goes on from `cursor`. */
  reset(cursor: number): void;
  close(code: number, reason: string): void;
}

export function createStreamClient(
  socket: WebSocket,
  query: StreamQuery,
  maxBufferedBytes: number,
): StreamClient {
  const wanted = (rows: readonly FeedRow[]): readonly FeedRow[] =>
    rows.filter(
      ({ seq, kind }) => seq > (client.cursor ?? 0) && (query.kinds === undefined || query.kinds.has(kind)),
    );
  const client: StreamClient = {
    cursor: query.cursor,
    isOpen: () => socket.readyState === socket.OPEN,
    replay(rows, cursor) {
      const message = changesMessage(wanted(rows), cursor);
      client.cursor = cursor;
      return new Promise((resolve) => socket.send(message, () => resolve()));
    },
    push(rows, cursor) {
      const shown = wanted(rows);
      client.cursor = cursor;
      if (shown.length === 0 || !client.isOpen()) return;
      if (socket.bufferedAmount > maxBufferedBytes) {
        client.close(CLOSE.tryAgainLater, 'too slow; resume by the last cursor');
      } else {
        socket.send(changesMessage(shown, cursor));
      }
    },
    reset(cursor) {
      client.cursor = cursor;
      socket.send(JSON.stringify({ type: 'reset', cursor }));
    },
    close: (code, reason) => socket.close(code, reason),
  };
  return client;
}

function changesMessage(rows: readonly FeedRow[], cursor: number): string {
  return `{"type":"changes","cursor":${cursor},"changes":[${rows.map((row) => row.text).join(',')}]}`;
}
