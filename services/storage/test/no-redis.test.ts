import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('loads nothing of Redis, directly or through anything that it imports', () => {
  const program = join(import.meta.dirname, 'loaded-modules.fixture.mjs');
  const loaded = execFileSync(process.execPath, [program], { encoding: 'utf8' }).split('\n');
  expect(loaded.some((url) => url.endsWith('/packages/tokens/src/index.ts'))).toBe(true);
  const ofRedis = /\/(packages\/(redis|rate-limit|realtime)|node_modules\/ioredis)\//;
  expect(loaded.filter((url) => ofRedis.test(url))).toEqual([]);
});
