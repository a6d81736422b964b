import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What holds nothing of ours, as in .gitignore; in a second work tree `.git` is a file. */
const skipped = new Set(['.git', 'node_modules', '.data', '.cache', 'coverage', 'dist']);

/**
 * Every file of the checkout, relative to `root`, sorted. It walks the folders, so that it works in
 * an unpacked archive and finds files that git does not know yet.
 */
export function sourceFiles(root: string, folder = ''): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skipped.has(entry.name)) return [];
      if (entry.isDirectory()) return sourceFiles(root, path);
      return entry.isFile() && !entry.name.endsWith('.log') ? [path] : [];
    })
    .sort();
}
