import type { Ended } from './delivery/sender.ts';
import type { Order } from './delivery/order.ts';
import type { ClockOffset } from './lib/clock.ts';

/** What the thread that owns the state says to the thread that sends. */
export type ToSender =
  | { readonly kind: 'send'; readonly orders: readonly PackedOrder[] }
  | { readonly kind: 'recall'; readonly integration: string }
  /** Answered by `reloaded`. */
  | { readonly kind: 'reload'; readonly settings: unknown }
  /** Answered by `drained`, with which the thread ends. */
  | { readonly kind: 'drain' };

export type FromSender =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended'; readonly attempts: readonly Ended[] }
  | { readonly kind: 'unsent'; readonly integration: string; readonly numbers: readonly number[] }
  | { readonly kind: 'reloaded' }
  | { readonly kind: 'drained' };

/** A notification goes over as the text that is stored as well: copying an object with all its labels would cost both sides more. */
export interface PackedOrder extends Omit<Order, 'notification'> {
  readonly text: string;
}

export interface SenderData {
  readonly clock: ClockOffset;
  readonly settings: unknown;
  readonly version: string;
  readonly externalConnectors: readonly string[];
}
