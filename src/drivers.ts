// Chooses the drivers of journal and store by the settings. Both composition roots ask here; a driver is loaded only when it is used.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineOf } from './journal/engine.ts';
import type { Journal } from './journal/port.ts';
import { openSqliteJournal } from './journal/sqlite/journal.ts';
import { openSqliteJournalReader } from './journal/sqlite/reader.ts';
import { createIds } from './lib/id.ts';
import type { StorageSettings } from './model/settings.ts';
import type { Store } from './store/port.ts';
import type { StoreReader } from './store/reader.ts';
import { openSqliteStoreReader } from './store/sqlite/reader.ts';
import { openSqliteStore } from './store/sqlite/store.ts';

/** The journal as the thread that takes signals has it. */
export interface WriterJournal {
  readonly journal: Journal;
  /** Embedded: how far the file is on the disk, for the thread that reads it. */
  readonly durableEnds?: SharedArrayBuffer;
}

/** The journal as the thread that owns the state has it. */
export interface ReaderJournal
  extends Pick<Journal, 'identity' | 'partitions' | 'repeats' | 'read' | 'end' | 'offsetAt' | 'close'> {
  /** What was fetched ahead of these partitions is another node's work now. */
  release?(partitions: readonly number[]): void;
}

export async function openJournal(storage: StorageSettings, now: () => number): Promise<WriterJournal> {
  const options = { maxBytes: storage.journalMaxBytes, newId: createIds(now), now };
  if (storage.journalUrl === undefined) {
    const journal = await openSqliteJournal({ ...options, path: journalFile(storage) });
    return { journal, durableEnds: journal.durable.shared };
  }
  return { journal: await openShared(storage.journalUrl, options) };
}

export async function openJournalReader(
  storage: StorageSettings,
  parts: {
    readonly durableEnds: SharedArrayBuffer | undefined;
    readonly onRecords: () => void;
    readonly now: () => number;
  },
): Promise<ReaderJournal> {
  if (storage.journalUrl !== undefined) {
    const { onRecords, now } = parts;
    return openShared(storage.journalUrl, { newId: createIds(now), now, onRecords });
  }
  const { durableEnds } = parts;
  const path = journalFile(storage);
  return openSqliteJournalReader(durableEnds ? { path, durable: durableEnds } : { path });
}

export async function openStore(storage: StorageSettings, now: () => number): Promise<Store> {
  if (storage.url === undefined) return openSqliteStore({ path: storeFile(storage), now });
  const { openPostgresStore } = await import('./store/postgres/store.ts');
  return openPostgresStore({ url: storage.url, now });
}

export async function openStoreReader(storage: StorageSettings): Promise<StoreReader> {
  if (storage.url === undefined) return openSqliteStoreReader({ path: storeFile(storage) });
  const { openPostgresStoreReader } = await import('./store/postgres/reader.ts');
  const { url, readUrl } = storage;
  return openPostgresStoreReader({ url, ...(readUrl === undefined ? {} : { replicaUrl: readUrl }) });
}

/** An empty store that is gone when it is closed, for what is only tried. */
export async function openScratchStore(now: () => number): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-rehearsal-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const store = await openSqliteStore({ path: join(folder, 'store.db'), now, isScratch: true });
    return {
      ...store,
      async close() {
        await store.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface SharedOptions {
  readonly newId: () => string;
  readonly now: () => number;
  readonly maxBytes?: number;
  readonly onRecords?: () => void;
}

async function openShared(url: string, options: SharedOptions): Promise<Journal & ReaderJournal> {
  if (engineOf(url) === 'postgres') {
    const { openPostgresJournal } = await import('./journal/postgres/journal.ts');
    const { parsePostgresJournalUrl } = await import('./journal/postgres/url.ts');
    return openPostgresJournal({ ...options, settings: parsePostgresJournalUrl(url) });
  }
  const { openKafkaJournal } = await import('./journal/kafka/journal.ts');
  const { parseKafkaUrl } = await import('./journal/kafka/url.ts');
  return openKafkaJournal({ ...options, settings: parseKafkaUrl(url) });
}

function journalFile(storage: StorageSettings): string {
  return join(storage.path, 'journal.db');
}

function storeFile(storage: StorageSettings): string {
  return join(storage.path, 'store.db');
}
