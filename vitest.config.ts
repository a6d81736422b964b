import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/vitest/longest-first.ts';
import { pathWithoutRedis } from './scripts/vitest/programs-without-redis.ts';

// Real servers answer slowly on a busy machine; a test that hangs is still ended.
const testTimeout = 20_000;
const hookTimeout = 60_000;

/** The newest major versions of Redis clients, beside those that we use. */
const newerClients = { ioredis: 'ioredis-6', redis: 'redis-6' };

/** Tests with pages in a real Chromium, each of which runs a dozen processes. */
const inBrowsers = [
  'test/calls/{browsers*,relayed-call,sfu-call}.test.ts',
  'test/client/{*browser,readme-examples}.test.ts',
  'test/console/**/*.test.ts',
];

/** Tests that judge the time of replies while much goes on: few others may share the machine. */
const timed = ['test/chaos/chaos.test.ts', 'test/deliveries/deliveries.test.ts'];

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

/** Storage needs no Redis: in its tests there is none to be found anywhere. */
function withoutRedis(alone: ReturnType<typeof project>) {
  const env = { PATH: pathWithoutRedis, SECURECONNECT_NO_INSTALL: '1' };
  return { ...alone, test: { ...alone.test, env, provide: { redisProgram: '' } } };
}

function afterOthers(last: ReturnType<typeof project>) {
  return { ...last, test: { ...last.test, maxWorkers: 3, sequence: { groupOrder: 1 } } };
}

export default defineConfig({
  test: {
    globalSetup: ['scripts/vitest/global-setup.ts'],
    reporters: ['default', './scripts/vitest/summary-reporter.ts'],
    pool: 'forks',
    isolate: false,
    // More than cores: much of the time, tests wait for time-outs, failovers and mails.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
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
      project('services', ['services/*/test/**/*.test.ts'], ['services/storage/test/**']),
      withoutRedis(project('storage without Redis', ['services/storage/test/**/*.test.ts'])),
      // Those of the stack in containers are `npm run test:compose`.
      project('e2e', ['test/**/*.test.ts'], ['test/compose/**', ...inBrowsers, ...timed]),
      project('bench', ['bench/**/*.test.ts']),
      // After all others, whose time limits would meet the load of Chromium.
      afterOthers(project('last', [...inBrowsers, ...timed])),
    ],
  },
});
