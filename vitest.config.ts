import { configDefaults, defineConfig } from 'vitest/config';

// Real servers answer slowly on a busy machine; a test that hangs is still ended.
const testTimeout = 20_000;
const hookTimeout = 60_000;

/** The newest major versions of Redis clients, beside those that we use. */
const newerClients = { ioredis: 'ioredis-6', redis: 'redis-6' };

const project = (name: string, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: {
    name,
    include,
    exclude: [...configDefaults.exclude, ...exclude],
    isolate: false,
    testTimeout,
    hookTimeout,
  },
});

export default defineConfig({
  test: {
    globalSetup: ['scripts/vitest/global-setup.ts'],
    reporters: ['default', './scripts/vitest/summary-reporter.ts'],
    pool: 'forks',
    isolate: false,
    // More than cores: much of the time, tests wait for time-outs, failovers and mails.
    maxWorkers: 3,
    passWithNoTests: false,
    projects: [
      project('unit', [
        'packages/*/src/**/*.test.ts',
        'services/*/src/**/*.test.ts',
        'console/**/*.test.ts',
        'scripts/**/*.test.ts',
      ]),
      {
        ...project('newer clients', [
          'packages/degraded-mode/src/*/contract.test.ts',
          'packages/degraded-mode/src/redis/clusters.test.ts',
        ]),
        resolve: { alias: newerClients },
      },
      project('services', ['services/*/test/**/*.test.ts']),
      // Those of the stack in containers are `npm run test:compose`.
      project('e2e', ['test/**/*.test.ts'], ['test/compose/**']),
      project('bench', ['bench/**/*.test.ts']),
    ],
  },
});
