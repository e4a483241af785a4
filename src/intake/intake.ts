import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Event, Logger } from '@signalbox/sdk';
import type { Journal } from '../journal/port.ts';
import type { MetricSet } from '../lib/metrics.ts';
import type { CommandResult } from '../model/command.ts';
import type { QuarantineRow } from '../store/port.ts';
import type { AccessLog } from './access-log.ts';
import { createAddressSet } from './allow.ts';
import { prepareEndpoint, type Endpoint, type PreparedEndpoint } from './endpoint.ts';
import { inflateBody } from './inflate.ts';
import { parseMediaType } from './media-type.ts';
import { createIntakeMetrics } from './metrics.ts';
import { problem, type Problem } from './problem.ts';
import { createRateLimit } from './rate-limit.ts';
import { createReceiver } from './receive.ts';
import { buildEvents, buildRecords } from './records.ts';
import { splitTarget } from './target.ts';
import { understand, type Understood } from './understand.ts';

export type { Endpoint };

/** A request as it is kept in quarantine. */
export type KeptRequest = QuarantineRow['request'];

export type ParseResult =
  | { readonly ok: true; readonly events: readonly Event[]; readonly deliveryId?: string }
  | { readonly ok: false; readonly problem: Problem };

export interface IntakeOptions {
  readonly endpoints: readonly Endpoint[];
  readonly journal: Journal;
  /** How people reach this server; stands in front of `status_url`. */
  readonly externalURL: string;
  readonly now: () => number;
  readonly newId: () => string;
  readonly newRequestId: () => string;
  readonly log: Logger;
  readonly metrics: MetricSet;
  /** Called after every durable append, e.g. to wake the pipeline. */
  readonly onAppended: () => void;
  readonly accessLog?: AccessLog;
  /** Peers whose `X-Forwarded-For` and `Forwarded` are believed, as CIDR. */
  readonly trustedProxies?: readonly string[];
  /** Bytes of bodies held at once over all endpoints; default 64 MiB. Beyond it the answer is 503. */
  readonly maxHeldBytes?: number;
}

export interface Intake {
  /** Takes a request of one of the endpoints, whatever its method; false when the path is no endpoint. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** What a request would become, without taking it in (BR-WH-019). */
  parse(integration: string, request: KeptRequest): Promise<ParseResult>;
  /** Parses a quarantined signal anew and appends it under its old id, so that its receipt stays good. */
  redrive(row: QuarantineRow): Promise<CommandResult>;
  /** Switches to other endpoints between two requests. Throws, and keeps the old ones, when one can't be used. */
  replace(endpoints: readonly Endpoint[]): void;
  /** Requests that are not answered yet. */
  inFlight(): number;
  /** Refuses new requests; resolves when nothing is in flight. */
  drain(): Promise<void>;
}

const MAX_HELD_BYTES = 64 * 1024 * 1024;

/**
 * Signals in: authenticates, limits, parses and acknowledges what is durable (design §2.1). Runs on plain `node:http`, because
 * a framework would cost as much per request as all of this does.
 */
export function createIntake(options: IntakeOptions): Intake {
  const { journal, now } = options;
  let byPath = new Map<string, PreparedEndpoint>();
  let byIntegration = new Map<string, PreparedEndpoint>();
  const proxies = options.trustedProxies ?? [];
  const receiver = createReceiver({
    ...options,
    externalURL: new URL(options.externalURL).href.replace(/\/+$/, ''),
    metrics: createIntakeMetrics(options.metrics, now, () => receiver.inFlight()),
    accessLog: options.accessLog,
    isTrustedProxy: proxies.length === 0 ? undefined : createAddressSet(proxies),
    maxHeldBytes: options.maxHeldBytes ?? MAX_HELD_BYTES,
  });

  function replace(endpoints: readonly Endpoint[]): void {
    const paths = new Map<string, PreparedEndpoint>();
    const integrations = new Map<string, PreparedEndpoint>();
    for (const endpoint of endpoints) {
      const prepared = keepTokens(prepareEndpoint(endpoint), byIntegration.get(endpoint.integration));
      integrations.set(endpoint.integration, prepared);
      for (const path of endpoint.settings.paths) {
        if (paths.has(path)) throw new Error(`two endpoints on the path ${path}`);
        paths.set(path, prepared);
      }
    }
    for (const prepared of integrations.values())
      for (const path of prepared.clientPaths) if (!paths.has(path)) paths.set(path, prepared);
    byPath = paths;
    byIntegration = integrations;
  }

  async function read(endpoint: PreparedEndpoint, kept: KeptRequest): Promise<Understood> {
    const mediaType = parseMediaType(kept.contentType);
    if (!mediaType || !endpoint.takesMediaType(mediaType)) return { problem: endpoint.wrongMediaType };
    let body: Buffer = Buffer.from(kept.body, 'base64');
    const encoding = kept.headers['content-encoding'];
    if (encoding !== undefined) {
      const inflated = await inflateBody(body, encoding, endpoint.settings.limits.inflatedBytes);
      if ('problem' in inflated) return inflated;
      body = inflated.value;
    }
    const { path, search } = splitTarget(kept.path);
    const headers = endpoint.keptHeaders(kept.headers);
    return understand(
      endpoint,
      { method: kept.method, path, search, mediaType, headers, body },
      new Date(now()),
    );
  }

  async function parse(integration: string, request: KeptRequest): Promise<ParseResult> {
    const endpoint = byIntegration.get(integration);
    if (!endpoint) {
      return { ok: false, problem: problem('not_found', `No integration ${integration} takes signals.`) };
    }
    const understood = await read(endpoint, request);
    if ('problem' in understood) return { ok: false, problem: understood.problem };
    const headers = endpoint.keptHeaders(request.headers);
    const events = buildEvents(endpoint, options.newId(), understood.alerts, headers);
    const { deliveryId } = understood;
    return deliveryId === undefined ? { ok: true, events } : { ok: true, events, deliveryId };
  }

  async function redrive(row: QuarantineRow): Promise<CommandResult> {
    const endpoint = byIntegration.get(row.integration);
    if (!endpoint) return failed('not_found', `There is no integration ${row.integration} any more.`);
    if (row.status !== 'held') return failed('conflict', `The signal is already ${row.status}.`);
    const understood = await read(endpoint, row.request);
    if ('problem' in understood) {
      return failed('conflict', `The signal still can't be taken in: ${understood.problem.detail}`);
    }
    const { alerts, namespaces, deliveryId } = understood;
    const facts = {
      signal: row.id,
      integration: row.integration,
      tenant: row.tenant,
      receivedAt: new Date(row.receivedAt).toISOString(),
      hash: hash('sha256', Buffer.from(row.request.body, 'base64'), 'base64url'),
      requestId: options.newRequestId(),
      at: now(),
    };
    const records = buildRecords(
      endpoint,
      deliveryId === undefined ? facts : { ...facts, deliveryId },
      alerts,
      endpoint.keptHeaders(row.request.headers),
      namespaces,
    );
    try {
      await journal.append(records);
    } catch (thrown) {
      options.log.error('a quarantined signal could not be appended', {
        signal: row.id,
        error: String(thrown),
      });
      return failed('unavailable', 'The journal did not take the signal; try again later.');
    }
    options.onAppended();
    return { ok: true };
  }

  replace(options.endpoints);
  return {
    handle(request, response) {
      const target = request.url ?? '/';
      let endpoint = byPath.get(target);
      if (endpoint && isTaken(endpoint, target, request)) {
        receiver.receive(endpoint, target, '', request, response);
        return true;
      }
      const { path, search } = splitTarget(target);
      endpoint = byPath.get(path);
      if (!endpoint || !isTaken(endpoint, path, request)) return false;
      receiver.receive(endpoint, path, search, request, response);
      return true;
    },
    parse,
    redrive,
    replace,
    inFlight: () => receiver.inFlight(),
    drain: () => receiver.drain(),
  };
}

/** On the paths of a vendor's clients other methods are questions, which are not the intake's. */
function isTaken(endpoint: PreparedEndpoint, path: string, request: IncomingMessage): boolean {
  return request.method === 'POST' || !endpoint.clientPaths.has(path);
}

/** A reload must not fill a sender's bucket again, unless its limit has changed. */
function keepTokens(prepared: PreparedEndpoint, before: PreparedEndpoint | undefined): PreparedEndpoint {
  const { ratePerSecond, burst } = prepared.settings.limits;
  const old = before?.settings.limits;
  const takeToken =
    before && old?.ratePerSecond === ratePerSecond && old.burst === burst
      ? before.takeToken
      : createRateLimit(ratePerSecond, burst);
  return { ...prepared, takeToken };
}

function failed(code: Extract<CommandResult, { ok: false }>['code'], detail: string): CommandResult {
  return { ok: false, code, detail };
}
