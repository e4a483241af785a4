import { Client, type Notification } from 'pg';
import type { Commit } from '../port.ts';
import { splitHosts } from './hosts.ts';
import { connectionSettings, type PostgresOptions } from './pool.ts';

const CHANNEL = 'signalbox';
const NEWS = [
  'wakes',
  'correlationWakes',
  'groups',
  'deliveries',
  'connectorState',
  'revision',
  'changes',
  'silences',
] as const;
export const NOTIFY = `SELECT pg_notify('${CHANNEL}', $1)`;

/** What a commit may have brought that others wait for. */
export type CommitNews = (typeof NEWS)[number];

/** The payload of a commit: what it brought, with commas between; empty when nobody waits for any of it. */
export function newsOf(batch: Commit): string {
  const brought = (part: CommitNews): boolean => {
    if (part === 'revision') return batch.revision !== undefined;
    if (part === 'deliveries') return isFilled(batch.deliveries) || isFilled(batch.moves);
    return isFilled(batch[part]);
  };
  return NEWS.filter(brought).join(',');
}

function isFilled(rows: readonly unknown[] | undefined): boolean {
  return rows !== undefined && rows.length > 0;
}

export interface ListenOptions extends Omit<PostgresOptions, 'poolSize'> {
  /** A commit of any node brought this. After every (re)connect it is called with everything, because something may have been missed. */
  readonly onChange: (news: ReadonlySet<CommitNews>) => void;
  /** The connection is gone; it is tried again by itself. */
  readonly onTrouble: (error: Error) => void;
  /** Between two attempts to connect. Default 1 s. */
  readonly retryMs?: number;
  /** How often to ask whether the connection is alive; a network that is cut says nothing. Default 20 s. */
  readonly probeMs?: number;
}

const RETRY_MS = 1_000;
const PROBE_MS = 20_000;

/**
 * Hears of commits as they happen. It is a hint and no promise: a commit whose node dies right after it is not announced, so whoever waits
 * also looks by itself from time to time.
 */
export function listenForCommits(options: ListenOptions): { close(): Promise<void> } {
  const { onChange, onTrouble, retryMs = RETRY_MS, probeMs = PROBE_MS } = options;
  const urls = splitHosts(options.url);
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let client: Client | undefined;
  let attempt = 0;

  const retryLater = (error: Error) => {
    if (closed) return;
    onTrouble(error);
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
    own.on('notification', ({ payload }: Notification) => onChange(parseNews(payload)));
    try {
      await own.connect();
      await own.query(`LISTEN ${CHANNEL}`);
      if (closed) return;
      attempt--;
      probe = setInterval(() => own.query('SELECT 1').catch(fail), probeMs);
      onChange(new Set(NEWS));
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

function parseNews(payload: string | undefined): ReadonlySet<CommitNews> {
  const said = new Set((payload ?? '').split(','));
  return new Set(NEWS.filter((part) => said.has(part)));
}
