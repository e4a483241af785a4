import type { Dispatcher } from 'undici';
import { checkProxy, createDispatcher, type ConnectSettings } from './http-dispatcher.ts';
import type { RequestTls } from './http.ts';

/** The dispatchers of one integration: one for each trust and identity that its requests bring along, and apart from those for streams. */
export interface DispatcherPool {
  forRequests(tls: RequestTls | undefined): Dispatcher;
  /** Streams hold their connections for long, and must not take those of ordinary requests. */
  forStreams(tls: RequestTls | undefined): Dispatcher;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Client certificates rotate: whose turn was longest ago is ended, after what runs on it. */
const KEPT = 8;
/** A watch for each kind in each of many namespaces; beyond this something is wrong. */
const STREAMS = 1_024;

/** Dispatchers are made when they are first needed; wrong settings show at once. */
export function createDispatcherPool(settings: ConnectSettings): DispatcherPool {
  const open = new Map<string, Dispatcher>();
  const ending = new Set<Dispatcher>();

  function take(kind: 'request' | 'stream', own: RequestTls | undefined): Dispatcher {
    const key = `${kind} ${own === undefined ? '' : JSON.stringify(own)}`;
    const dispatcher = open.get(key) ?? create(kind, own);
    // The map keeps the order of use.
    open.delete(key);
    open.set(key, dispatcher);
    if (open.size > KEPT) retire(open.keys().next().value!);
    return dispatcher;
  }

  function create(kind: 'request' | 'stream', own: RequestTls | undefined): Dispatcher {
    return createDispatcher({
      ...settings,
      ...(own === undefined ? {} : { tls: { ...own, minVersion: settings.tls.minVersion } }),
      ...(kind === 'stream' ? { connections: STREAMS } : {}),
    });
  }

  function retire(key: string): void {
    const dispatcher = open.get(key)!;
    open.delete(key);
    ending.add(dispatcher);
    // A graceful end has nobody to report to: its requests report for themselves.
    void dispatcher
      .close()
      .catch(() => {})
      .finally(() => ending.delete(dispatcher));
  }

  checkProxy(settings);
  return {
    forRequests: (tls) => take('request', tls),
    forStreams: (tls) => take('stream', tls),
    async close() {
      await Promise.all([...open.values(), ...ending].map((dispatcher) => dispatcher.destroy()));
    },
  };
}
