import { setTimeout as wait } from 'node:timers/promises';
import { createMemory, type Context } from '@signalbox/sdk';
import type { TableConfig } from './config.ts';
import type { RowIndex } from './index-rows.ts';
import { readTable, versionOf } from './read-table.ts';

interface Kept {
  index?: RowIndex;
  /** Of the file that the rows are from; part of the keys, so that a change is noticed by answers that are kept elsewhere. */
  version: string;
  loading?: Promise<RowIndex>;
}

const tables = createMemory((_config: TableConfig): Kept => ({ version: '' }));

export const versionKept = (config: TableConfig): string => tables.of(config).version;
export const forgetTable = (config: TableConfig): void => tables.forget(config);

/** The rows as they were last read; reads them when nobody has yet. */
export async function tableOf(config: TableConfig, signal: AbortSignal): Promise<RowIndex> {
  const kept = tables.of(config);
  if (kept.index) return kept.index;
  kept.loading ??= load(config, signal).finally(() => delete kept.loading);
  return kept.loading;
}

const LOOK_MS = 5_000;

/** Looks from time to time whether the file has changed. While a new one can't be read the old rows stay, and the integration says so. */
export async function watchTable({ config, signal, log }: Context<TableConfig>): Promise<void> {
  while (!signal.aborted) {
    const version = await versionOf(config);
    if (version !== versionKept(config)) {
      const { rows } = await load(config, signal);
      log.info('the table was read', { rows });
    }
    await wait(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function load(config: TableConfig, signal: AbortSignal): Promise<RowIndex> {
  const kept = tables.of(config);
  // Looked at before it is read: what is written meanwhile is read again.
  const version = await versionOf(config);
  kept.index = await readTable(config, signal);
  kept.version = version;
  return kept.index;
}
