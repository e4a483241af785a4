import { existsSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Calls back when one of the configuration's files, or something in `config.d` beside them, has changed and then been left alone for a
 * moment. Folders are watched, not files, because editors and Kubernetes replace files instead of writing them.
 */
export function watchConfig(files: readonly string[], changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const ring = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, 300);
  };
  const names = new Map<string, Set<string>>();
  for (const file of files) {
    const folder = dirname(file);
    names.set(folder, (names.get(folder) ?? new Set()).add(basename(file)));
  }
  const watchers = [...names].flatMap(([folder, wanted]) => {
    const folderWatcher = watch(folder, (_event, name) => {
      // Kubernetes swaps a link named `..data`; the files themselves do not change.
      if (name === null || wanted.has(name) || name.startsWith('..')) ring();
    });
    const extra = join(folder, 'config.d');
    return existsSync(extra) ? [folderWatcher, watch(extra, ring)] : [folderWatcher];
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
