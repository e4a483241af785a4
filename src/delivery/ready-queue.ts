import type { Notification, Priority } from '@signalbox/sdk';
import type { Delivery } from '../model/delivery.ts';

/** A delivery that is marked, together with what it says. */
export interface ReadyDelivery {
  readonly delivery: Delivery;
  /** Of its integration, under which it was marked. */
  readonly lease: number;
  readonly notification: Notification;
}

/** Deliveries that are marked `sending` and wait for a free slot of their integration: critical ones first, then in order. */
export interface ReadyQueue {
  push(entry: ReadyDelivery): void;
  shift(): ReadyDelivery | undefined;
  /** Everything, and leaves it empty. */
  takeAll(): readonly ReadyDelivery[];
  readonly size: number;
}

const RANKS: readonly Priority[] = ['critical', 'warning', 'info'];

export function createReadyQueue(): ReadyQueue {
  /** Per rank, with the place of the next one; arrays are cut when they are empty, so that a shift costs nothing. */
  const lists = RANKS.map(() => ({ rows: [] as ReadyDelivery[], next: 0 }));
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
