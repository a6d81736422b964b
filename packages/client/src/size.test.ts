import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundle } from '../generator/bundle.ts';

it.each([
  ['', ['index', 'browser'], /it has (\d+) KB with gzip/, 15_000],
  [' and calls', ['index', 'browser', 'calls'], /with calls (\d+) KB/, 20_000],
])(
  'with everything for browsers%s is as large with gzip as the README says',
  async (_more, entries, claim, maxBytes) => {
    const code = await bundle(
      entries.map((name) => `export * from './${name}.ts';`).join('\n'),
      'esm',
    );
    const bytes = gzipSync(code).length;
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(code).not.toMatch(/node:/);
    const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
    expect(Math.ceil(bytes / 1000)).toBe(Number(claim.exec(readme)?.[1]));
  },
);
