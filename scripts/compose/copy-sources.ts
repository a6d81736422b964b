import { cp } from 'node:fs/promises';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** Folders and files that are no sources: installed, generated or local. */
const leftOut = new Set(['node_modules', '.git', '.data', '.env', 'backups', 'dist']);

/** Copies the sources into a folder, where commands may write into them. */
export async function copySources(folder: string): Promise<void> {
  await cp(root, folder, {
    recursive: true,
    filter: (path) =>
      !relative(root, path)
        .split('/')
        .some((name) => leftOut.has(name)),
  });
}
