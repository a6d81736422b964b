import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Generator } from './generator.ts';

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Renders every generator and compares the text with the file under `root`. With `check` it writes
 * nothing.
 *
 * @returns the files that differed or were missing.
 */
export async function writeGenerated(
  generators: readonly Generator[],
  { root, check }: { readonly root: string; readonly check: boolean },
): Promise<readonly string[]> {
  const differing: string[] = [];
  for (const generator of generators) {
    const path = join(root, generator.file);
    const text = await generator.render();
    if ((await readIfThere(path)) === text) continue;
    differing.push(generator.file);
    if (check) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return differing;
}
