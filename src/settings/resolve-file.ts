import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { refuseForeign } from './foreign-file.ts';
import type { Report } from './report.ts';
import { placeOf, pointerOf } from './tree.ts';

/**
 * The absolute path of a file that a setting names, from the folder of the file that says so, or from the working directory for
 * environment variables and flags. A file that can't be read is an error, because a reload must work whole or not at all.
 */
export async function resolveFile<T extends string | undefined>(
  written: T,
  path: readonly string[],
  report: Report,
): Promise<T> {
  if (written === undefined) return written;
  refuseForeign(report.tree, path);
  const place = placeOf(report.tree, pointerOf(path));
  const file = resolve(place.line === 0 ? '.' : dirname(place.file), written);
  try {
    await access(file, constants.R_OK);
  } catch {
    report.error(path, { code: 'unreadable_file', message: 'this file does not exist or can’t be read' });
  }
  return file as T;
}
