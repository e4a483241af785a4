import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DEFAULT_CONFIG } from './default-config.ts';
import { NOWHERE, type Finding } from './finding.ts';
import { mergeTrees, subtree } from './merge.ts';
import { readDocument } from './read-document.ts';
import { findingAt, isMap, pointerOf, type Tree } from './tree.ts';
import { didYouMean } from './suggest.ts';

const MAX_FILE_BYTES = 8_388_608;

/**
 * Reads the files and those in `config.d` beside the first, merges them in this order, and lays the profile over them. Without
 * any file the built-in configuration is read.
 */
export async function readFiles(
  written: readonly string[] | { readonly name: string; readonly text: string },
  profile: string | undefined,
): Promise<{ readonly tree: Tree; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  let merged: Tree | undefined;
  const add = (text: string, file: string): void => {
    const read = readDocument(text, file);
    findings.push(...read.findings);
    if (!isMap(read.tree.value)) {
      if (read.findings.length === 0) {
        findings.push(findingAt(read.tree, '', { code: 'syntax', message: 'expected a map at the top' }));
      }
      return;
    }
    if (merged) findings.push(...mergeTrees(merged, read.tree, 'error'));
    else merged = read.tree;
  };
  const files = 'text' in written ? [] : written;
  const all = files.length === 0 ? [] : [...files, ...(await dropIns(files[0]!, findings))];
  for (const file of all) {
    const text = await readText(file, findings);
    if (text !== undefined) add(text, file);
  }
  if ('text' in written) add(written.text, written.name);
  else if (files.length === 0) add(DEFAULT_CONFIG, NOWHERE.file);
  const tree = merged ?? { value: {}, places: new Map(), external: new Set() };
  findings.push(...applyProfile(tree, profile));
  return { tree, findings };
}

async function readText(file: string, findings: Finding[]): Promise<string | undefined> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= MAX_FILE_BYTES) return bytes.toString('utf8');
    findings.push({
      code: 'unreadable_file',
      message: 'larger than 8 MiB',
      file,
      line: 1,
      column: 1,
      path: '',
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const message = code === 'ENOENT' ? 'this file does not exist' : `this file can’t be read (${code})`;
    findings.push({ code: 'unreadable_file', message, file, line: 1, column: 1, path: '' });
  }
  return undefined;
}

async function dropIns(main: string, findings: Finding[]): Promise<readonly string[]> {
  const folder = join(dirname(main), 'config.d');
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /^[^.].*\.(?:ya?ml|json)$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      const message = `this folder can’t be read (${code})`;
      findings.push({ code: 'unreadable_file', message, file: folder, line: 1, column: 1, path: '' });
    }
    return [];
  }
}

/** The key `profiles` stays in the tree, so that its form is checked; its contents are checked where they are laid over. */
function applyProfile(tree: Tree, profile: string | undefined): readonly Finding[] {
  if (profile === undefined || profile === '') return [];
  const profiles = isMap(tree.value) && isMap(tree.value.profiles) ? tree.value.profiles : {};
  if (!Object.hasOwn(profiles, profile)) {
    const names = Object.keys(profiles);
    const hint =
      didYouMean(profile, names) ?? (names.length > 0 ? `known profiles: ${names.join(', ')}` : undefined);
    const message = `there is no profile ${JSON.stringify(profile)}`;
    return [findingAt(tree, '/profiles', { code: 'missing_reference', message, hint }, 'key')];
  }
  const overlay = subtree(tree, ['profiles', profile]);
  if (overlay.value === null || overlay.value === undefined) return [];
  if (!isMap(overlay.value)) {
    return [
      findingAt(tree, pointerOf(['profiles', profile]), { code: 'wrong_type', message: 'expected a map' }),
    ];
  }
  if (Object.hasOwn(overlay.value, 'profiles')) {
    const at = pointerOf(['profiles', profile, 'profiles']);
    return [findingAt(tree, at, { code: 'unknown_key', message: 'a profile can’t hold profiles' }, 'key')];
  }
  return mergeTrees(tree, overlay, 'replace');
}
