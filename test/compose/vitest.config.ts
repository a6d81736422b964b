import { defineConfig } from 'vitest/config';

// Beside the other tests, as it needs a Docker engine and minutes: `npm run test:compose`.
export default defineConfig({
  test: {
    name: 'compose',
    root: '.',
    include: ['test/compose/**/*.test.ts'],
    reporters: ['verbose', './scripts/vitest/summary-reporter.ts'],
    pool: 'forks',
    fileParallelism: false,
    // One after another; what comes after a failure would fail for it.
    bail: 1,
    testTimeout: 480_000,
    hookTimeout: 1_200_000,
  },
});
