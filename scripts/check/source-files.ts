import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What holds nothing of ours, as in .gitignore; in a second work tree `.git` is a file. */
const skipped = new Set(['.git', 'node_modules', '.data', '.cache', 'coverage']);

/**
 * Every file of the checkout, relative to `root`, sorted. Walks the folders rather than asking git,
 * so that it works in an unpacked archive too and sees files that are not yet added.
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
