import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import { Fault } from './fault.ts';
import { faultOfError } from './http-fault.ts';
import { guardedLookup, isReachable, refusedAddress, type Reach } from './http-reach.ts';
import type { RequestTls } from './http.ts';

/** How connections are made. All texts are PEM. */
export interface ConnectSettings {
  readonly reach: Reach;
  /** `http://proxy:3128`, with credentials in it if it wants some; absent: directly. */
  readonly proxy?: string;
  readonly tls: RequestTls & { readonly minVersion: 'TLSv1.2' | 'TLSv1.3' };
  /** Open connections to each origin. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** How long the vendor may be silent before and within its answer. The caller's signal is the limit of the whole. */
  readonly silenceMs: number;
}

/** Loaded by whoever connects first: it is the largest module of all, and a thread that only takes signals in never needs it. */
const loadUndici = () => createRequire(import.meta.url)('undici') as typeof import('undici');

/** Keep-alive connections per origin, HTTP/1.1, one request at a time on each. */
export function createDispatcher(settings: ConnectSettings): Dispatcher {
  const undici = loadUndici();
  const { minVersion, ca, cert, key, serverName, insecure } = settings.tls;
  const tls: buildConnector.BuildOptions = {
    minVersion,
    rejectUnauthorized: insecure !== true,
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  const pool = {
    connections: settings.connections,
    pipelining: 1,
    allowH2: false,
    headersTimeout: settings.silenceMs,
    bodyTimeout: settings.silenceMs,
  };
  if (settings.proxy !== undefined) {
    // The proxy resolves the name, so that only literal addresses can be checked here; what it may reach is its own policy.
    const uri = readProxy(settings.proxy);
    return new undici.ProxyAgent({
      ...pool,
      uri,
      connectTimeout: settings.connectTimeoutMs,
      requestTls: tls,
    });
  }
  const connect = undici.buildConnector({
    ...tls,
    allowH2: false,
    timeout: settings.connectTimeoutMs,
    autoSelectFamily: true,
    ...(settings.reach === 'any' ? {} : { lookup: guardedLookup(settings.reach) }),
  });
  return new undici.Agent({
    ...pool,
    // Errors become faults here: undici keeps requests waiting after some error codes of its own and of TLS.
    connect: (options, callback) => {
      connect(options, (error, socket) => {
        if (error === null) callback(null, socket);
        else callback(faultOfError(options.hostname, error), null);
      });
    },
  });
}

/** Refuses a literal address; names are checked when they are resolved. */
export function checkLiteral(hostname: string, reach: Reach): void {
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  if (isIP(address) !== 0 && !isReachable(address, reach)) throw refusedAddress(hostname, reach);
}

/** Throws the fault of a proxy that can't be one. */
export function checkProxy({ proxy }: Pick<ConnectSettings, 'proxy'>): void {
  if (proxy !== undefined) readProxy(proxy);
}

function readProxy(text: string): string {
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol)) return text;
  throw new Fault('SB_CONFIG', 'The proxy must be an http:// or https:// address', { field: 'http.proxy' });
}
