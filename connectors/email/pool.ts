import { Fault, type Context } from '@signalbox/sdk';
import type { createTransport } from 'nodemailer';
import type { EmailConfig } from './config.ts';
import { faultOfSmtp } from './fault.ts';

type Transport = ReturnType<typeof createPool>;

/** One pool per configuration object; the host closes it when the configuration goes (BR-PERF-033). */
const pools = new WeakMap<EmailConfig, Promise<Transport>>();

export function poolFor(config: EmailConfig): Promise<Transport> {
  const known = pools.get(config);
  if (known !== undefined) return known;
  const pool = import('nodemailer').then((nodemailer) => createPool(nodemailer.createTransport, config));
  pools.set(config, pool);
  return pool;
}

/** Ends the connections that are kept open. */
export async function closePool(config: EmailConfig): Promise<void> {
  // A pool that could not be made has nothing to close.
  const pool = await pools.get(config)?.catch(() => undefined);
  pools.delete(config);
  pool?.close();
}

/** Connects, secures and logs in, and sends nothing. */
export async function probe({ config, signal }: Context<EmailConfig>): Promise<void> {
  const pool = await poolFor(config);
  try {
    await unlessAborted(pool.verify(), signal);
  } catch (error) {
    throw faultOfSmtp(config.host, error);
  }
}

/** `verify` takes no signal; its connection ends by its own time-outs. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_resolve, reject) => {
    const abort = () => reject(Object.assign(new Error('aborted'), { code: 'EABORT' }));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  return Promise.race([work, aborted]);
}

function createPool(create: typeof createTransport, config: EmailConfig) {
  if ((config.username === undefined) !== (config.password === undefined)) {
    throw new Fault('SB_CONFIG', '`username` and `password` belong together', { field: 'config.password' });
  }
  return create({
    pool: true,
    host: config.host,
    port: config.port,
    secure: config.security === 'tls',
    requireTLS: config.security === 'starttls',
    ignoreTLS: config.security === 'none',
    tls: {
      minVersion: config.min_tls,
      ...(config.ca === undefined ? {} : { ca: config.ca }),
    },
    ...(config.username === undefined
      ? {}
      : { auth: { user: config.username, pass: config.password ?? '' } }),
    maxConnections: config.connections,
    maxMessages: 100,
    // Repeats have one owner, the delivery machine.
    maxRequeues: 0,
    idleTimeout: 60_000,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    dnsTimeout: 10_000,
    socketTimeout: 60_000,
    socketCloseTimeout: 1_000,
    // A message is made of texts; nothing in one may name a file or an address to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
