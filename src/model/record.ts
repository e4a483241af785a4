import type { Event } from '@signalbox/sdk';

/**
 * What the journal keeps: all events of one signal that share an ordering key, or a signal that could not be parsed.
 * The value is JSON of a `RecordBody`; `version` says how to read it.
 */
export const RECORD_VERSION = 1;

export interface SignalMeta {
  /** Time-ordered and random; the stem of the receipt. */
  readonly signal: string;
  readonly integration: string;
  readonly tenant: string;
  /** RFC 3339. */
  readonly receivedAt: string;
  /** The sender's delivery id. */
  readonly deliveryId?: string;
  /** SHA-256 of the body as received, base64url. */
  readonly hash: string;
  /** Correlation id of the request. */
  readonly requestId: string;
  /** How many records the signal was split into, and which one this is, from 0. */
  readonly parts: number;
  readonly part: number;
}

export type RecordBody =
  | { readonly v: 1; readonly kind: 'events'; readonly meta: SignalMeta; readonly events: readonly Event[] }
  | {
      readonly v: 1;
      readonly kind: 'quarantine';
      readonly meta: SignalMeta;
      readonly problem: { readonly code: string; readonly detail: string; readonly field?: string };
      /** The request as received, body in base64. */
      readonly request: {
        readonly method: string;
        readonly path: string;
        readonly contentType: string;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: string;
      };
    };
