import { isFault, type AlertData, type SourceRequest } from '@signalbox/sdk';
import { namespaceNewsOf } from '../normalise/namespace-statement.ts';
import type { NamespaceNews } from '../model/namespace.ts';
import { decodeBody } from './decode/decode.ts';
import type { PreparedEndpoint } from './endpoint.ts';
import type { MediaType } from './media-type.ts';
import { problem, type Problem } from './problem.ts';
import { cleanText } from './sanitise.ts';
import { parseQuery } from './target.ts';

/** A signal that has arrived whole, proven and inflated. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly mediaType: MediaType;
  /** Only those that the endpoint keeps. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Understood =
  | {
      readonly alerts: readonly AlertData[];
      readonly namespaces: readonly NamespaceNews[];
      readonly deliveryId: string | undefined;
    }
  | {
      readonly problem: Problem;
      /** What the connector threw that is no fault, for the log. */
      readonly bug?: unknown;
      /** What could be read of the signal all the same. */
      readonly taken?: readonly AlertData[];
    };

const MAX_DELIVERY_ID_LENGTH = 200;

/** Decodes the body and lets the source say what it means. Never throws: one bad signal stops nothing. */
export function understand(endpoint: PreparedEndpoint, arrival: Arrival, now: Date): Understood {
  const decoded = decodeBody(arrival.body, arrival.mediaType, endpoint.settings.limits.depth);
  if ('problem' in decoded) return decoded;
  const request: SourceRequest = {
    method: arrival.method,
    path: arrival.path,
    query: parseQuery(arrival.search),
    headers: arrival.headers,
    contentType: arrival.mediaType.name,
    body: decoded.value,
  };
  try {
    const alerts = endpoint.source.parse(request, endpoint.config, now);
    const wrong = findWrong(alerts);
    if (wrong !== undefined) return unreadable(new TypeError(`the source returned ${wrong}`));
    const said = endpoint.source.namespaces?.(request, endpoint.config) ?? [];
    const { integration: id, tenant } = endpoint;
    const namespaces = namespaceNewsOf({ id, tenant }, said, now.getTime());
    return { alerts, namespaces, deliveryId: deliveryIdOf(endpoint, request) };
  } catch (thrown) {
    if (!isFault(thrown)) return unreadable(thrown);
    const { taken = [] } = thrown;
    const wrong = findWrong(taken);
    if (wrong !== undefined) return unreadable(new TypeError(`the source took ${wrong}`));
    return { problem: problem('wrong_shape', thrown.message, thrown.field), taken };
  }
}

/** A bug of the connector is no reason to lose the signal, nor to make its sender repeat it for ever. */
function unreadable(bug: unknown): Understood {
  return {
    problem: problem(
      'unreadable_signal',
      'The connector failed on this signal. It is kept and can be taken in again after the connector is fixed.',
    ),
    bug,
  };
}

function deliveryIdOf(endpoint: PreparedEndpoint, request: SourceRequest): string | undefined {
  const header = endpoint.settings.deliveryIdHeader;
  const id =
    endpoint.source.deliveryId?.(request, endpoint.config) ??
    (header === undefined ? undefined : request.headers[header.toLowerCase()]);
  return id === undefined || id === '' ? undefined : cleanText(String(id)).slice(0, MAX_DELIVERY_ID_LENGTH);
}

/** Connectors are code of others: what identity and state are made of is looked at before it is made durable. */
function findWrong(alerts: readonly AlertData[]): string | undefined {
  if (!Array.isArray(alerts)) return 'no list of alerts';
  for (const alert of alerts as readonly AlertData[]) {
    if (alert?.status !== 'firing' && alert?.status !== 'resolved') return 'an alert without a status';
    if (!isText(alert.labels)) return 'labels that are not text';
    if (!isText(alert.annotations)) return 'annotations that are not text';
    if (alert.key !== undefined && typeof alert.key !== 'string') return 'a key that is not text';
  }
  return undefined;
}

function isText(record: unknown): boolean {
  if (typeof record !== 'object' || record === null) return false;
  for (const name in record) {
    if (typeof (record as Record<string, unknown>)[name] !== 'string') return false;
  }
  return true;
}
