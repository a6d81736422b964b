import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sourceFiles } from './source-files.ts';

/** Finds the shell scripts of the checkout by `.sh` or, without an extension, by the first line. */
export function findShellScripts(root: string): string[] {
  return sourceFiles(root).filter((file) => {
    if (file.endsWith('.sh')) return true;
    if (basename(file).includes('.')) return false;
    const [firstLine = ''] = readFileSync(join(root, file), 'utf8').split('\n', 1);
    return /^#!.*\b(?:ba|da)?sh\b/.test(firstLine);
  });
}
