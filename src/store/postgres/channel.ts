import { Client, type Notification } from 'pg';
import { splitHosts } from './hosts.ts';
import { connectionSettings, type PostgresOptions } from './pool.ts';

export interface ChannelOptions extends Omit<PostgresOptions, 'poolSize'> {
  /** An SQL name. */
  readonly channel: string;
  /** Somebody said this. */
  readonly onSaid: (payload: string) => void;
  /** Listens, for the first time or again: something may have been missed. */
  readonly onConnected: () => void;
  /** The connection is gone; it is tried again by itself. */
  readonly onTrouble: (error: Error) => void;
  /** Between two attempts to connect. Default 1 s. */
  readonly retryMs?: number;
  /** How often to ask whether the connection is alive; a network that is cut says nothing. Default 20 s. */
  readonly probeMs?: number;
}

const RETRY_MS = 1_000;
const PROBE_MS = 20_000;

/** Hears what is said by NOTIFY, over a connection of its own that comes back by itself. */
export function listenTo(options: ChannelOptions): { close(): Promise<void> } {
  const { retryMs = RETRY_MS, probeMs = PROBE_MS } = options;
  const urls = splitHosts(options.url);
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let client: Client | undefined;
  let attempt = 0;

  const retryLater = (error: Error) => {
    if (closed) return;
    options.onTrouble(error);
    timer = setTimeout(() => void listen(), retryMs);
  };

  /** Tries the hosts in turn, one per attempt. Only a primary takes a LISTEN. */
  const listen = async (): Promise<void> => {
    const own = new Client(connectionSettings(urls[attempt++ % urls.length]!, options));
    client = own;
    let probe: NodeJS.Timeout | undefined;
    let failed = false;
    const fail = (error: Error) => {
      if (failed) return;
      failed = true;
      clearInterval(probe);
      // It is broken already; a second error of its end would say nothing new.
      own.end().catch(() => undefined);
      retryLater(error);
    };
    own.on('error', fail);
    own.on('end', () => fail(new Error('the server ended the connection')));
    own.on('notification', ({ payload = '' }: Notification) => options.onSaid(payload));
    try {
      await own.connect();
      await own.query(`LISTEN ${options.channel}`);
      if (closed) return;
      attempt--;
      probe = setInterval(() => own.query('SELECT 1').catch(fail), probeMs);
      options.onConnected();
    } catch (error) {
      fail(error as Error);
    }
  };

  const started = listen();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await started;
      await client?.end();
    },
  };
}
