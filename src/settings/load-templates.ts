import { glob, readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Fault, GO_TEMPLATE_MAX_CHARACTERS, type TemplateFile } from '@signalbox/sdk';

const MAX_FILES = 1_000;

/**
 * Reads the files of `templates:`. A glob that matches nothing is fine, as in Alertmanager, because files may come later.
 *
 * @param folder The folder of the configuration, from which relative globs start.
 * @throws Fault `SB_CONFIG` for too many files or a file that is too long; an error of the system for one that can't be read.
 */
export async function loadTemplates(
  globs: readonly string[],
  folder: string,
): Promise<readonly TemplateFile[]> {
  const files: TemplateFile[] = [];
  for (const pattern of globs) {
    const paths: string[] = [];
    for await (const path of glob(resolve(folder, pattern))) paths.push(path);
    for (const path of paths.sort()) {
      if (files.length >= MAX_FILES) throw new Fault('SB_CONFIG', `expected at most ${MAX_FILES} files`);
      const source = await readFile(path, 'utf8');
      if (source.length > GO_TEMPLATE_MAX_CHARACTERS) {
        throw new Fault('SB_CONFIG', `${path}: longer than ${GO_TEMPLATE_MAX_CHARACTERS} characters`);
      }
      files.push({ name: basename(path), source });
    }
  }
  return files;
}
