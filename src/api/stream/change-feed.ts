import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@signalbox/sdk';
import type { ChangeRow, StoreReader } from '../../store/reader.ts';
import { errorText } from '../../lib/error-text.ts';
import { presentChange } from '../views/present-change.ts';
import { CLOSE, type FeedRow, type StreamClient } from './stream-client.ts';

export interface ChangeFeed {
  /** Replays what came after the client's cursor, then keeps it up to date until it closes. */
  follow(client: StreamClient): Promise<void>;
  forget(client: StreamClient): void;
  /** Something was committed. Many calls in a row cost one read. */
  poke(): void;
  close(): void;
}

export interface FeedOptions {
  /** Rows per read and message. */
  readonly pageRows: number;
  /** Between two reads of the live end, so that a busy store is read in few pages and not once per commit. */
  readonly pauseMs: number;
}

/**
 * Clients that are behind read pages of their own; those that have caught up share one read per round. `tail` is how far that
 * shared read has come.
 */
export function createChangeFeed(reader: StoreReader, log: Logger, options: FeedOptions): ChangeFeed {
  const live = new Set<StreamClient>();
  let tail = 0;
  let isReading = false;
  let isPoked = false;
  let isClosed = false;

  const read = async (cursor: number) => {
    const { rows, oldest, newest } = await reader.changes(cursor, options.pageRows);
    const isLost = cursor < oldest - 1 || cursor > newest;
    return { rows: rows.map(toFeedRow), newest, isLost, isLast: rows.length < options.pageRows };
  };

  const catchUp = async (client: StreamClient): Promise<void> => {
    client.cursor ??= (await reader.changes(Number.MAX_SAFE_INTEGER, 1)).newest;
    for (let isLast = false; !isLast && client.isOpen() && !isClosed; ) {
      const page = await read(client.cursor);
      if (page.isLost) {
        client.reset(page.newest);
      } else {
        isLast = page.isLast;
        await client.replay(page.rows, page.rows.at(-1)?.seq ?? client.cursor);
      }
    }
  };

  const readOn = async (): Promise<void> => {
    for (let isLast = false; !isLast && live.size > 0 && !isClosed; ) {
      const page = await read(tail);
      isLast = page.isLast || page.isLost;
      tail = page.isLost ? page.newest : (page.rows.at(-1)?.seq ?? tail);
      for (const client of live) {
        if (page.isLost) client.reset(tail);
        else client.push(page.rows, Math.max(tail, client.cursor ?? 0));
      }
    }
  };

  const feed: ChangeFeed = {
    async follow(client) {
      try {
        do await catchUp(client);
        while (client.isOpen() && live.size > 0 && (client.cursor ?? 0) < tail);
      } catch (error) {
        log.error('the live stream could not read the changes', { error: errorText(error) });
        client.close(CLOSE.error, 'the changes could not be read; try again');
        return;
      }
      if (!client.isOpen() || isClosed) return;
      if (live.size === 0) tail = client.cursor ?? 0;
      live.add(client);
      feed.poke();
    },
    forget: (client) => void live.delete(client),
    poke() {
      isPoked = true;
      if (isReading || isClosed) return;
      isReading = true;
      void readWhilePoked();
    },
    close() {
      isClosed = true;
      live.clear();
    },
  };

  const readWhilePoked = async (): Promise<void> => {
    while (isPoked && live.size > 0 && !isClosed) {
      isPoked = false;
      try {
        await readOn();
      } catch (error) {
        log.error('the live stream could not read the changes; it goes on after the next one', {
          error: errorText(error),
        });
      }
      await pause(options.pauseMs, undefined, { ref: false });
    }
    isReading = false;
  };
  return feed;
}

function toFeedRow(change: ChangeRow): FeedRow {
  return { seq: change.seq, kind: change.kind, text: JSON.stringify(presentChange(change)) };
}
