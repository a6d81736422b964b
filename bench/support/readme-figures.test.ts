import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cellsOf } from './markdown.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The cells of the rows of the first table after a text. */
function tableAfter(text: string, mark: string): string[][] {
  const rest = text.split(mark)[1];
  if (rest === undefined) throw new Error(`there is no "${mark}"`);
  const lines = rest.slice(rest.indexOf('\n|') + 1).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map(cellsOf);
}

it('the figures of the README are those that the benchmark has written', () => {
  const benchmarks = read('docs/benchmarks.md');
  const answered = ['### Killed', '### Frozen', '### Black hole'].map(
    (heading) => new Map(tableAfter(benchmarks, heading).map((row) => [row[0], row[4]])),
  );
  const shown = tableAfter(read('README.md'), '## Benchmarks');
  expect(shown.map(([name]) => name)).toEqual([...(answered[0]?.keys() ?? [])]);
  for (const [name, ...figures] of shown) {
    expect(figures).toEqual(answered.map((table) => table.get(name)));
  }
});
