import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './source-files.ts';

/** A file of this length deserves review; one past `tooLong` covers more than one concept. */
export const longLines = 250;
export const tooLongLines = 350;

export interface FileLength {
  readonly file: string;
  readonly lines: number;
}

/** TypeScript files of more than `longLines` lines, the longest first. */
export function findLongFiles(root: string): FileLength[] {
  return sourceFiles(root)
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('/generated/'))
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > longLines)
    .sort((a, b) => b.lines - a.lines);
}
