import { readFileSync, watch, type FSWatcher } from 'node:fs';
import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { Server as TcpServer, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { guardServer, LISTENER_OPTIONS } from './intake/server.ts';
import type { Logger } from './lib/log.ts';
import type { TlsSettings } from './model/settings.ts';

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsSettings;
  readonly log: Logger;
  readonly newRequestId: () => string;
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface Listener {
  /** With the port that the system chose when 0 was asked for. */
  readonly url: string;
  readonly port: number;
  /** Reads the certificate files again; keeps the old ones when the new ones are broken. */
  reloadCertificates(): void;
  /**
   * No new connections. Those that are open get the answer to the request under way, or to their next one, with the word that it is the last;
   * idle ones are closed a moment later. Resolves when all have ended, or `graceMs` is over.
   */
  close(graceMs: number): Promise<void>;
}

/** Room for a burst of connections before the kernel refuses any (BR-PERF-002 asks for 1,000 at once). */
const BACKLOG = 4_096;
const TLS13_SUITES = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'];
/** A busy sender's next request is on its way within this time; closing its connection at once would lose it, and nobody may repeat a POST. */
const LAST_REQUEST_MS = 200;

/** Opens one listener. TLS is 1.3 unless the settings say otherwise, and a renewed certificate is taken up by itself (VPA-111). */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { tls, log } = options;
  let closing = false;
  /**
   * An answer that begins after the end has begun says that it is the last of its connection; else there might be another request on its way when
   * that is closed. A list of the requests under way would do as well, and keep each of them alive past the next collection of garbage.
   */
  class Answer extends ServerResponse {
    override writeHead(status: number, ...rest: readonly unknown[]): this {
      if (closing) this.shouldKeepAlive = false;
      return super.writeHead(status, ...(rest as [OutgoingHttpHeaders]));
    }
  }
  const given = { ...LISTENER_OPTIONS, ServerResponse: Answer };
  const secure = tls ? createTlsServer({ ...given, ...readCertificates(tls) }, options.request) : undefined;
  const server: Server | TlsServer = secure ?? createServer({ ...given, noDelay: true }, options.request);
  if (options.upgrade) server.on('upgrade', options.upgrade);
  guardServer(server, options.newRequestId);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port, backlog: BACKLOG }, resolve);
  });
  const { port } = server.address() as AddressInfo;

  const reloadCertificates = (): void => {
    if (!tls || !secure) return;
    try {
      secure.setSecureContext(readCertificates(tls));
      log.info('the TLS certificate was read again', { file: tls.certFile });
    } catch (error) {
      log.error('the new TLS certificate is unusable; the old one stays', {
        file: tls.certFile,
        reason: String(error),
      });
    }
  };
  const watchers = tls ? [tls.certFile, tls.keyFile].map((file) => watchFile(file, reloadCertificates)) : [];

  const name = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `${tls ? 'https' : 'http'}://${name}:${port}`,
    port,
    reloadCertificates,
    close(graceMs) {
      for (const watcher of watchers) watcher.close();
      closing = true;
      return new Promise((resolve) => {
        // Again and again, because a request that began before may end at any time.
        const idle = setInterval(() => server.closeIdleConnections(), LAST_REQUEST_MS);
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        // The close of an HTTP server would end idle connections at once.
        TcpServer.prototype.close.call(server, () => {
          clearInterval(idle);
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

function readCertificates(tls: TlsSettings) {
  return {
    cert: readFileSync(tls.certFile),
    key: readFileSync(tls.keyFile),
    minVersion: tls.minVersion,
    ...(tls.maxVersion ? { maxVersion: tls.maxVersion } : {}),
    // What is not of TLS 1.3 would otherwise take its suites away.
    ...(tls.ciphers ? { ciphers: [...TLS13_SUITES, ...tls.ciphers].join(':') } : {}),
    ...(tls.curves ? { ecdhCurve: tls.curves.join(':') } : {}),
    // A client certificate is asked for, and endpoints that demand one check it themselves; others stay open to clients without.
    ...(tls.clientCaFile || tls.asksForCertificate ? { requestCert: true, rejectUnauthorized: false } : {}),
    ...(tls.clientCaFile ? { ca: readFileSync(tls.clientCaFile) } : {}),
  };
}

/** Certificate and key are replaced one after the other; waiting a moment reads the pair, not half of it. */
function watchFile(file: string, changed: () => void): FSWatcher {
  let timer: NodeJS.Timeout | undefined;
  return watch(file, () => {
    clearTimeout(timer);
    timer = setTimeout(changed, 500);
  });
}

/** A port that is free at the moment, for `--listen HOST:0`: parts that are made before the door opens have to know where it will be. */
export async function choosePort(host: string, port: number): Promise<number> {
  if (port !== 0) return port;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: 0 }, resolve);
  });
  const chosen = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  return chosen;
}
