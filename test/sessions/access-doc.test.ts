import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const doc = readFileSync(join(root, 'docs/access.md'), 'utf8');
const rows = doc
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

it('lists what lasts longer than a request', () => {
  expect(rows.length).toBeGreaterThan(10);
});

it.each(rows)('%s, ended by %s: names its tests', (...cells) => {
  const tests = [...(cells[4] ?? '').matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, file]) => file);
  expect(tests).not.toEqual([]);
  expect(tests.filter((file) => !existsSync(join(root, file ?? '')))).toEqual([]);
});
