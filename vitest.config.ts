import { defineConfig } from 'vitest/config';

// Real servers answer slowly on a busy machine; a test that hangs is still ended.
const testTimeout = 20_000;
const hookTimeout = 60_000;

const project = (name: string, include: string[]) => ({
  extends: true as const,
  test: { name, include, isolate: false, testTimeout, hookTimeout },
});

export default defineConfig({
  test: {
    globalSetup: ['scripts/vitest/global-setup.ts'],
    reporters: ['default', './scripts/vitest/summary-reporter.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    passWithNoTests: false,
    projects: [
      project('unit', ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts']),
      project('services', ['services/*/test/**/*.test.ts']),
      project('e2e', ['test/**/*.test.ts']),
      project('bench', ['bench/**/*.test.ts']),
    ],
  },
});
