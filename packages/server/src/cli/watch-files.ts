import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps; what follows within this time belongs to the same change. */
const settleMs = 100;

/** Folders without sources. Names that begin with a dot are left out too. */
const ignored = new Set(['node_modules', 'dist', 'build', 'coverage']);

/**
 * Watches the files of a folder and of all folders in it, those of packages and of compiled code left out.
 * @param onChange gets the absolute paths that have changed, been added or been removed, once it is quiet
 * @returns ends it
 */
export function watchFiles(folder: string, onChange: (paths: ReadonlySet<string>) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const report = (): void => {
    const paths = changed;
    changed = new Set();
    timer = undefined;
    onChange(paths);
  };
  const onEvent = (path: string): void => {
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(report, settleMs);
    // It may be a new folder.
    add(path);
  };
  const add = (path: string): void => {
    if (watchers.has(path)) return;
    let folders: string[];
    try {
      const entries = readdirSync(path, { withFileTypes: true });
      folders = entries.filter((entry) => entry.isDirectory() && !isIgnored(entry.name)).map(({ name }) => name);
      const watcher = watch(path, (_event, name) => {
        if (name !== null && !isIgnored(name)) onEvent(join(path, name));
      });
      watchers.set(path, watcher);
      watcher.on('error', () => remove(path));
    } catch {
      // It is a file, or gone again.
      remove(path);
      return;
    }
    for (const name of folders) add(join(path, name));
  };
  const remove = (path: string): void => {
    watchers.get(path)?.close();
    watchers.delete(path);
  };

  add(folder);
  return () => {
    clearTimeout(timer);
    for (const path of watchers.keys()) remove(path);
  };
}

const isIgnored = (name: string): boolean => ignored.has(name) || name.startsWith('.') || name.endsWith('~');
