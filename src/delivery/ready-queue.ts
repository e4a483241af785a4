import type { Priority } from '@signalbox/sdk';
import type { Order } from './order.ts';

/** Attempts that wait for a free slot of their integration: critical ones first, then in order. */
export interface ReadyQueue {
  push(entry: Order): void;
  shift(): Order | undefined;
  /** Everything, and leaves it empty. */
  takeAll(): readonly Order[];
  readonly size: number;
}

const RANKS: readonly Priority[] = ['critical', 'warning', 'info'];

export function createReadyQueue(): ReadyQueue {
  /** Per rank, with the place of the next one; arrays are cut when they are empty, so that a shift costs nothing. */
  const lists = RANKS.map(() => ({ rows: [] as Order[], next: 0 }));
  let size = 0;
  return {
    push(entry) {
      lists[RANKS.indexOf(entry.delivery.priority)]!.rows.push(entry);
      size++;
    },
    shift() {
      for (const list of lists) {
        const entry = list.rows[list.next];
        if (entry === undefined) continue;
        list.next++;
        size--;
        if (list.next === list.rows.length) {
          list.rows = [];
          list.next = 0;
        }
        return entry;
      }
      return undefined;
    },
    takeAll() {
      const all = lists.flatMap(({ rows, next }) => rows.slice(next));
      for (const list of lists) {
        list.rows = [];
        list.next = 0;
      }
      size = 0;
      return all;
    },
    get size() {
      return size;
    },
  };
}
