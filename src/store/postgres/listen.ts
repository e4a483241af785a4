import type { Commit } from '../port.ts';
import { listenTo, type ChannelOptions } from './channel.ts';

const CHANNEL = 'signalbox';
/** Everything that can be heard of, as it is called after an interruption. */
export const NEWS = [
  'wakes',
  'correlationWakes',
  'groups',
  'deliveries',
  'connectorState',
  'revision',
  'changes',
  'silences',
  'namespaceNews',
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

export interface ListenOptions
  extends Pick<ChannelOptions, 'url' | 'applicationName' | 'retryMs' | 'onTrouble'> {
  /** A commit of any node brought this. After every (re)connect it is called with everything, because something may have been missed. */
  readonly onChange: (news: ReadonlySet<CommitNews>) => void;
}

/**
 * Hears of commits as they happen. It is a hint and no promise: a commit whose node dies right after it is not announced, so whoever waits
 * also looks by itself from time to time.
 */
export function listenForCommits({ onChange, ...options }: ListenOptions): { close(): Promise<void> } {
  return listenTo({
    ...options,
    channel: CHANNEL,
    onConnected: () => onChange(new Set(NEWS)),
    onSaid: (payload) => onChange(parseNews(payload)),
  });
}

function parseNews(payload: string): ReadonlySet<CommitNews> {
  const said = new Set(payload.split(','));
  return new Set(NEWS.filter((part) => said.has(part)));
}
