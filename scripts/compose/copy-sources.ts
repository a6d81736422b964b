import { cp } from 'node:fs/promises';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** What is no part of the sources: what was installed, made or set up here. */
const leftOut = new Set(['node_modules', '.git', '.data', '.env']);

/** Copies the sources into a folder, where commands that write into them harm nobody's own. */
export async function copySources(folder: string): Promise<void> {
  await cp(root, folder, {
    recursive: true,
    filter: (path) =>
      !relative(root, path)
        .split('/')
        .some((name) => leftOut.has(name)),
  });
}
