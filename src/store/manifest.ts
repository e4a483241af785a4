import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export const MANIFEST_FILE = 'manifest.json';
export const BACKUP_FORMAT = 1;
export const BACKUP_FILES = ['store.db', 'journal.db'] as const;
export type BackupFile = (typeof BACKUP_FILES)[number];

/** What a backup folder holds and how to tell that it is whole. Written last: a folder without it is not a backup. */
export interface Manifest {
  readonly format: number;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly cluster: string;
  readonly generation: string;
  readonly files: Readonly<Record<BackupFile, ManifestFile>>;
  /** For people: rows at the time of the backup. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface ManifestFile {
  readonly schema: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The folder is no backup, is damaged, or does not fit. */
export class BadBackup extends Error {
  readonly code = 'bad_backup';
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Reads the manifest and compares sizes and hashes of both files. */
export async function verifyBackup(folder: string): Promise<Manifest> {
  const manifest = parseManifest(folder, await readManifest(folder));
  for (const name of BACKUP_FILES) {
    const path = join(folder, name);
    const expected = manifest.files[name];
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new BadBackup(`${path} is missing; take another backup`);
    if (found.size !== expected.bytes || (await hashFile(path)) !== expected.sha256) {
      throw new BadBackup(
        `${path} is not what the manifest says: it was changed or damaged; take another backup`,
      );
    }
  }
  return manifest;
}

async function readManifest(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, MANIFEST_FILE), 'utf8');
  } catch (cause) {
    throw new BadBackup(
      `${folder} has no readable ${MANIFEST_FILE}: it is no backup, or one that was interrupted`,
      { cause },
    );
  }
}

function parseManifest(folder: string, text: string): Manifest {
  const refuse = (what: string, cause?: unknown) =>
    new BadBackup(`${join(folder, MANIFEST_FILE)} ${what}`, { cause });
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(text) as Partial<Manifest> | null;
  } catch (cause) {
    throw refuse('is not JSON', cause);
  }
  if (manifest?.format !== BACKUP_FORMAT) {
    throw refuse(`has format ${String(manifest?.format)}, and this program reads format ${BACKUP_FORMAT}`);
  }
  for (const name of BACKUP_FILES) {
    const file = manifest.files?.[name];
    if (
      typeof file?.schema !== 'number' ||
      typeof file.bytes !== 'number' ||
      typeof file.sha256 !== 'string'
    ) {
      throw refuse(`does not describe ${name}`);
    }
  }
  if (!manifest.cluster || !manifest.generation) throw refuse('names no cluster or no generation');
  return manifest as Manifest;
}
