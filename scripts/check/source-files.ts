import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders without sources of ours, as in .gitignore. */
const skipped = new Set(['.git', 'node_modules', '.data', '.cache', 'coverage']);

/**
 * Every file of the checkout, relative to `root`, sorted. It walks the folders, so that it works in
 * an unpacked archive and finds files that git does not know yet.
 */
export function sourceFiles(root: string, folder = ''): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourceFiles(root, path);
      return entry.isFile() && !entry.name.endsWith('.log') ? [path] : [];
    })
    .sort();
}
