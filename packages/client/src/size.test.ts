import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundle } from '../generator/bundle.ts';

it('is at most 15 KB with gzip, with everything for browsers but calls', async () => {
  const code = await bundle("export * from './index.ts'; export * from './browser.ts';", 'esm');
  const bytes = gzipSync(code).length;
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThanOrEqual(15_000);
  expect(code).not.toMatch(/node:/);
});
