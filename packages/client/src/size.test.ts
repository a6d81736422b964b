import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundle } from '../generator/bundle.ts';

it('is at most 15 KB with gzip, with everything for browsers, and as much as the README says', async () => {
  const code = await bundle("export * from './index.ts'; export * from './browser.ts';", 'esm');
  const bytes = gzipSync(code).length;
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThanOrEqual(15_000);
  expect(code).not.toMatch(/node:/);
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  const said = /(\d+) KB with gzip/.exec(readme)?.[1];
  expect(Math.ceil(bytes / 1000)).toBe(Number(said));
});
