import type { HttpClient } from './http.ts';

/** What the vendor allows; the host keeps it for all notifications of one integration. */
export interface Limits {
  /** Requests in each `perMs` milliseconds. */
  readonly rate?: { readonly requests: number; readonly perMs: number };
  readonly concurrency?: number;
}

/** A small durable map of one integration, e.g. the vendor's id of the message that shows a group. */
export interface KeyValue {
  get(key: string): Promise<string | undefined>;
  /** Stored together with the outcome of the call that set it; forgotten after `ttlMs` (default 30 days). */
  set(key: string, value: string, options?: { readonly ttlMs?: number }): Promise<void>;
}

/** JSON lines; `fields` are redacted by the configuration's secret marks. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** All that a capability function gets, closed at six fields; a seventh needs a decision record (design §4). */
export interface Context<C> {
  readonly config: C;
  readonly http: HttpClient;
  readonly log: Logger;
  /** Aborted at the deadline of the call and at shut-down. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly state: KeyValue;
}

/** The context of a delivery; `http` sends the idempotency key where `idempotencyHeader` says so. */
export interface DeliverContext<C> extends Context<C> {
  readonly http: HttpClient & { readonly idempotencyKey: string };
}
