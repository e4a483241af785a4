import type { Static, TObject } from 'typebox';
import type { Analyst, Scorer } from './analyst.ts';
import type { Context, DeliverContext, Limits } from './context.ts';
import type { Directory } from './directory.ts';
import type { Enricher } from './enricher.ts';
import type { Filter } from './filter.ts';
import type { AlertData } from './event.ts';
import type { Emit, NamespaceStatement } from './namespace.ts';
import type { Notification, Receipt } from './notification.ts';
import type { Workflow } from './workflow.ts';

/**
 * One inbound request after the host has authenticated, inflated and decoded it. `body` is what JSON, XML, YAML or
 * form data decode to: plain objects without prototypes' tricks, bounded in depth and size.
 */
export interface SourceRequest {
  readonly method: string;
  /** Path without query, e.g. `/hooks/prom`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. Only what the source declares in `headers` and the endpoint passes through. */
  readonly headers: Readonly<Record<string, string>>;
  /** Media type without parameters, e.g. `application/json`. */
  readonly contentType: string;
  readonly body: unknown;
}

/**
 * Turns one inbound request into statements about alerts. Must be pure and quick: it runs on the intake's thread, before
 * the sender is answered. Throw `Fault('SB_REJECTED', …, { field })` for a wrong shape: the sender gets 422 with the
 * field and the signal is quarantined.
 */
export interface Source<C> {
  /** Request headers that `parse` or `deliveryId` reads, in lower case. Nothing else reaches it. */
  readonly headers?: readonly string[];
  /** Media types it takes; default `['application/json']`. Others get 415. */
  readonly contentTypes?: readonly string[];
  parse(request: SourceRequest, config: C, now: Date): readonly AlertData[];
  /** What the request says of namespaces, for senders that tell of more than alerts. As pure and quick as `parse`. */
  namespaces?(request: SourceRequest, config: C): readonly NamespaceStatement[];
  /** The sender's own id of this delivery (`X-GitHub-Delivery`, CloudEvents `id`): the same id twice is a duplicate. */
  deliveryId?(request: SourceRequest, config: C): string | undefined;
  /**
   * Paths that the vendor's own clients append to the address they are given, e.g. `/api/v2/alerts`. What they POST there is taken in like
   * anything else, but answered with 200 and no body, because they take 202 for an error, and refused with a JSON text. The first source of
   * the configuration that names such a path also gets it at the root of the server.
   */
  readonly clientPaths?: readonly string[];
  /** How this vendor proves itself, as documented by it; shown as the suggested `auth` of a new integration. */
  readonly suggestedAuth?: Readonly<Record<string, unknown>>;
}

/** What would be sent, for previews and for tests: pure, no I/O. */
export interface Rendered {
  readonly contentType: string;
  readonly body: string;
}

/**
 * Gets one notification to the vendor: one request per call. It is called again with the same `idempotencyKey` by the delivery
 * machine; it never loops, sleeps or swallows. Throws a `Fault` when the vendor did not take it.
 */
export interface Notifier<C> {
  readonly limits?: Limits;
  /** `key`: the vendor drops a second request with the same key. `none`: a repeat is seen twice. */
  readonly idempotency: 'key' | 'none';
  deliver(notification: Notification, context: DeliverContext<C>): Promise<Receipt>;
  /** What `deliver` would send. */
  render(notification: Notification, config: C): Rendered;
}

/**
 * A connector is a plain object; a capability exists because its functions exist. Schemas are TypeBox (JSON Schema), each field with
 * `description` and, where there is one, `examples` and `default`; secret fields are made by `secret()`.
 */
export interface Connector<S extends TObject = TObject> {
  /** The vendor's noun in kebab-case; equals the folder's name. */
  readonly id: string;
  readonly title: string;
  /** One sentence for lists. */
  readonly summary: string;
  readonly version: string;
  /** The vendor's versions that this connector was checked against, e.g. `Alertmanager ≥ 0.25`. */
  readonly vendorVersions?: string;
  readonly config: S;
  readonly source?: Source<Static<S>>;
  readonly notifier?: Notifier<Static<S>>;
  readonly enricher?: Enricher<Static<S>>;
  readonly filter?: Filter<Static<S>>;
  readonly directory?: Directory<Static<S>>;
  readonly analyst?: Analyst<Static<S>>;
  readonly scorer?: Scorer<Static<S>>;
  readonly workflow?: Workflow<Static<S>>;
  /**
   * A task that lives as long as the integration, such as a watch or a poller: it runs until `context.signal` aborts. When it throws, the
   * integration is degraded and the host starts it again after a while, longer each time; the same when it returns before its time. One per process
   * and integration. What it finds for the connector's own use goes into a `createMemory`, what the hub is to record goes to `emit` (ADR 37).
   */
  readonly run?: (context: Context<Static<S>>, emit: Emit) => Promise<void>;
  /** Reaches the vendor without an effect; throws the fault that a person should see. */
  readonly probe?: (context: Context<Static<S>>) => Promise<void>;
  /** Ends what the connector keeps open for this configuration (an SMTP pool). Called once, after the last call. */
  readonly close?: (config: Static<S>) => Promise<void>;
}

/**
 * Declares a connector; the identity function with types.
 *
 * @example
 * export default defineConnector({ id: 'webhook', title: 'Webhook', summary: '…', version: '1.0.0', config, notifier });
 */
export function defineConnector<S extends TObject>(connector: Connector<S>): Connector<S> {
  return connector;
}
