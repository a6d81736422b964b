import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtConsole } from './built-console.ts';

it('has fewer bytes with gzip, all files together, than the README says', async () => {
  const folder = await builtConsole();
  const names = await readdir(folder, { recursive: true });
  const compressed = names.filter((name) => name.endsWith('.gz'));
  const sizes = await Promise.all(
    compressed.map(async (name) => (await stat(join(folder, name))).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  expect(compressed.some((name) => name.endsWith('.js.gz'))).toBe(true);
  expect(bytes).toBeGreaterThan(10_000);
  const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
  const maxKilobytes = Number(/files together have less than (\d+) KB with gzip/.exec(readme)?.[1]);
  expect(maxKilobytes).toBeLessThanOrEqual(150);
  expect(bytes).toBeLessThan(maxKilobytes * 1000);
});
