import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Fault } from '@signalbox/sdk';
import type { TableConfig } from './config.ts';
import { indexRows, type Row, type RowIndex } from './index-rows.ts';
import { parseCsv } from './parse-csv.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/** What tells one state of the file from another. */
export async function versionOf({ file }: TableConfig): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  if (size > MAX_BYTES) throw wrong(`it is longer than ${MAX_BYTES} bytes`);
  return `${mtimeMs}/${size}/${ino}`;
}

/** @throws Fault `SB_CONFIG` when the file is not there or not what it should be */
export async function readTable(config: TableConfig, signal: AbortSignal): Promise<RowIndex> {
  const text = await readFile(config.file, { encoding: 'utf8', signal }).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  return indexRows(await parseRows(text, config), config);
}

async function parseRows(text: string, { file, format }: TableConfig): Promise<readonly Row[]> {
  const kind = format === 'auto' ? extname(file).slice(1).toLowerCase() : format;
  if (kind === 'csv') return parseCsv(text);
  if (!['json', 'yaml', 'yml'].includes(kind)) {
    throw wrong('its name does not end in .csv, .json, .yaml or .yml; say `format`');
  }
  let rows: unknown;
  try {
    rows = kind === 'json' ? JSON.parse(text) : await parseYaml(text);
  } catch {
    // The parsers quote the file.
    throw wrong(`it is not ${kind === 'json' ? 'JSON' : 'YAML'}`);
  }
  if (!Array.isArray(rows) || !rows.every(isMap)) throw wrong('expected a list of maps');
  return rows;
}

async function parseYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  return parse(text, { maxAliasCount: 0 }) as unknown;
}

function isMap(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(cause: unknown): Fault {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  return new Fault('SB_CONFIG', `the table can't be read (${code})`, { field: 'config.file', cause });
}

function wrong(what: string): Fault {
  return new Fault('SB_CONFIG', `the table can't be used: ${what}`, { field: 'config.file' });
}
