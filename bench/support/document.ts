import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(import.meta.dirname, '../../docs/benchmarks.md');

/**
 * Replaces what stands between the marks of a section in docs/benchmarks.md; the text around it is
 * written by hand.
 * @throws Error where the marks are not there
 */
export function writeSection(name: string, content: string): void {
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), name, content));
}

/** The same in a text. */
export function withSection(text: string, name: string, content: string): string {
  const begin = `<!-- ${name}: written by \`npm run bench:${name}\` -->`;
  const end = `<!-- end of ${name} -->`;
  const what = `docs/benchmarks.md has no section ${name}`;
  return withPart(text, { begin, end, what }, content.trim());
}

/** The lines between which a part of a document is written, and what to say where they are missing. */
export interface Marks {
  readonly begin: string;
  readonly end: string;
  readonly what: string;
}

/** A text with a different part between two marks. @throws Error where the marks are not there */
export function withPart(text: string, { begin, end, what }: Marks, content: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(what);
  const before = text.slice(0, from + begin.length);
  return `${before}\n${content}\n${text.slice(to)}`;
}
