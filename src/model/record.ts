import type { Event } from '@signalbox/sdk';
import type { NamespaceNews } from './namespace.ts';
import type { AlertCommand } from './alert-command.ts';
import type { AnalysisCommand } from './analysis.ts';

/**
 * What the journal keeps: all events of one signal that share an ordering key, a signal that could not be parsed, or a command on an
 * alert. The value is JSON of a `RecordBody`; `v` says how to read it.
 */
export const RECORD_VERSION = 1;
/** Of commands. A program that knows only the first version quarantines them whole, where it would take version 1 for a signal and lose them. */
export const COMMAND_VERSION = 2;

/** Of what is said of namespaces; refused whole by a program that does not know it, likewise. */
export const NAMESPACES_VERSION = 3;

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
  | CommandBody
  | NamespacesBody
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

export interface NamespacesBody {
  readonly v: 3;
  readonly kind: 'namespaces';
  readonly meta: SignalMeta;
  /** All of one cluster. */
  readonly news: readonly NamespaceNews[];
}

export interface CommandBody {
  readonly v: 2;
  readonly kind: 'command';
  /** `signal` is the id of the command, `deliveryId` the idempotency key of whoever asks. */
  readonly meta: SignalMeta;
  readonly command: AlertCommand | AnalysisCommand;
}
