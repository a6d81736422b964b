import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LayerReport } from './layers.ts';
import { checkLayers } from './layers.ts';

const repository = join(import.meta.dirname, '../..');
const rules = join(repository, '.dependency-cruiser.mjs');

const ours = ['degraded-mode', 'contracts', 'postgres', 'service', 'redis', 'tokens'];
const alsoOurs = ['cli', 'client', 'outbox', 'rate-limit', 'realtime', 'testkit', 'embedded'];
const libraries = [
  'ioredis',
  'pg',
  'cassandra-driver',
  'express',
  'ws',
  'undici',
  'jose',
  'jsonwebtoken',
  'bcrypt',
  'bowser',
  'pino',
];
const otherLibraries = [
  'redis',
  'yaml',
  '@simplewebauthn/server',
  '@opentelemetry',
  'minio',
  'cockatiel',
  'yazl',
  'prom-client',
  'commander',
  'web-push',
  'node-pg-migrate',
  'vitest',
  'fast-check',
  'preact',
  '@preact/signals',
  'playwright-core',
  'axe-core',
  'vite',
  '@tailwindcss/vite',
];

/** Importing file, what it imports, and the rule that must refuse it. */
const wrong: readonly (readonly [from: string, imported: string, rule: string])[] = [
  ['services/auth/src/a.ts', '../../chat/src/index.ts', 'no-service-to-service'],
  ['services/auth/src/b.ts', '@secureconnect/chat', 'no-service-to-service'],
  ['packages/degraded-mode/src/a.ts', '@secureconnect/contracts', 'layer-degraded-mode'],
  ['packages/contracts/src/a.ts', '@secureconnect/service', 'layer-contracts'],
  ['packages/client/src/a.ts', '@secureconnect/contracts', 'layer-client'],
  ['packages/cli/src/a.ts', '@secureconnect/contracts', 'layer-cli'],
  ['packages/postgres/src/a.ts', '@secureconnect/degraded-mode', 'layer-postgres'],
  ['packages/service/src/a.ts', '@secureconnect/redis', 'layer-service'],
  ['packages/redis/src/a.ts', '@secureconnect/tokens', 'layer-redis'],
  ['packages/tokens/src/a.ts', '@secureconnect/realtime', 'layer-tokens'],
  ['packages/rate-limit/src/a.ts', '@secureconnect/realtime', 'layer-rate-limit'],
  ['packages/outbox/src/a.ts', '@secureconnect/redis', 'layer-outbox'],
  ['packages/service/src/b.ts', '../../../services/auth/src/index.ts', 'layer-service'],
  ['packages/testkit/src/a.ts', '@secureconnect/redis', 'layer-testkit'],
  ['packages/new-one/src/a.ts', '@secureconnect/contracts', 'package-without-layer'],
  ['services/chat/src/operations/a.ts', '../routes/a.ts', 'routes-on-top'],
  ['services/chat/src/operations/b.ts', '../sockets/a.ts', 'operations-without-sockets'],
  ['services/video/src/stores/a.ts', '../ports/a.ts', 'stores-at-the-bottom'],
  ['services/gateway/src/signals/b.ts', '../proxy/index.ts', 'signals-without-proxy'],
  ['services/gateway/src/proxy/b.ts', '../signals/index.ts', 'proxy-without-signals'],
  ['services/chat/src/ports/a.ts', '../sockets/a.ts', 'operations-without-sockets'],
  ['services/auth/src/routes/c.ts', '../ended-reconciler.ts', 'reconcilers-in-the-index'],
  [
    'services/video/src/calls/a.ts',
    '@secureconnect/tokens/service-connections',
    'reconcilers-in-the-index',
  ],
  ['services/gateway/src/static-files/b.ts', '../console/index.ts', 'gateway-static-files'],
  ['services/gateway/src/console/b.ts', '../docs/index.ts', 'gateway-console'],
  ['services/gateway/src/docs/b.ts', '../console/index.ts', 'gateway-docs'],
  ['services/gateway/src/demo/b.ts', '../static-files/index.ts', 'gateway-demo'],
  ['services/gateway/src/fleet/b.ts', '../proxy/index.ts', 'gateway-fleet'],
  ['services/storage/src/a.ts', '@secureconnect/redis', 'storage-without-redis'],
  ['services/chat/src/a.ts', 'ioredis', 'library-ioredis'],
  ['packages/degraded-mode/src/b.ts', 'ioredis', 'library-ioredis'],
  ['services/auth/src/stores/a.ts', 'pg', 'library-pg'],
  ['services/gateway/src/a.ts', 'express', 'library-express'],
  ['packages/degraded-mode/src/c.ts', 'express', 'library-express'],
  ['packages/degraded-mode/src/d.ts', 'fastify', 'library-fastify'],
  ['packages/degraded-mode/src/e.ts', 'hono', 'library-hono'],
  ['packages/redis/src/g.ts', 'redis', 'library-redis'],
  ['services/chat/src/b.ts', 'ws', 'library-ws'],
  ['services/chat/src/routes/messages.ts', 'cassandra-driver', 'library-cassandra-driver'],
  ['services/storage/src/routes/uploads.ts', 'minio', 'library-minio'],
  ['services/video/src/routes/sfu.ts', 'livekit-server-sdk', 'library-livekit-server-sdk'],
  ['services/auth/src/e.ts', 'cockatiel', 'library-cockatiel'],
  ['services/storage/src/objects/zip.ts', 'yazl', 'library-yazl'],
  ['services/gateway/src/signals/a.ts', 'yaml', 'library-yaml'],
  ['test/a.ts', 'undici', 'library-undici'],
  ['services/chat/src/e.ts', 'jose', 'library-jose'],
  ['services/video/src/d.ts', 'web-push', 'library-web-push'],
  ['services/auth/src/g.ts', 'commander', 'library-commander'],
  ['services/auth/src/c.ts', 'jsonwebtoken', 'library-jsonwebtoken'],
  ['services/chat/src/c.ts', 'bcrypt', 'library-bcrypt'],
  ['services/chat/src/d.ts', 'bowser', 'library-bowser'],
  ['services/auth/src/f.ts', '@simplewebauthn/server', 'library-@simplewebauthn/server'],
  ['packages/redis/src/b.ts', 'pino', 'library-pino'],
  ['services/video/src/c.ts', 'prom-client', 'library-prom-client'],
  ['packages/service/src/d.ts', '@opentelemetry', 'library-@opentelemetry'],
  ['services/auth/src/d.ts', 'node-pg-migrate', 'library-node-pg-migrate'],
  ['packages/service/src/c.ts', 'vitest', 'library-vitest'],
  ['packages/contracts/src/b.ts', 'fast-check', 'library-fast-check'],
  ['packages/realtime/src/a.ts', '@secureconnect/rate-limit', 'layer-realtime'],
  ['packages/embedded/src/a.ts', '@secureconnect/service', 'layer-embedded'],
  ['packages/redis/src/c.ts', 'a-library-that-is-not-there', 'not-resolvable'],
  ['packages/redis/src/d.ts', '@secureconnect/testkit', 'testkit-only-from-tests'],
  ['services/video/src/a.ts', '@secureconnect/testkit', 'testkit-only-from-tests'],
  ['scripts/a.ts', '@secureconnect/testkit', 'testkit-only-from-tests'],
  ['services/video/src/b.ts', '@secureconnect/embedded', 'embedded-never-in-production'],
  ['test/b.ts', '../packages/service/src/index.ts', 'packages-by-name'],
  ['scripts/b.ts', '../packages/redis/test/testing.ts', 'packages-by-name'],
  ['bench/b.ts', '../packages/tokens/src/index.ts', 'packages-by-name'],
  ['services/auth/test/a.ts', '../../../packages/redis/src/index.ts', 'packages-by-name'],
  ['console/src/a.ts', '@secureconnect/service', 'console-over-the-client'],
  ['services/gateway/src/d.ts', 'preact', 'library-preact'],
  ['scripts/c.ts', 'playwright-core', 'library-playwright-core'],
  ['scripts/d.ts', 'axe-core', 'library-axe-core'],
  ['services/gateway/src/e.ts', '@preact/signals', 'library-@preact/signals'],
  ['console/src/b.ts', 'vite', 'library-vite'],
  ['console/src/c.ts', '@tailwindcss/vite', 'library-@tailwindcss/vite'],
  ['packages/redis/src/e.ts', './e.test.ts', 'nothing-imports-tests'],
  ['packages/redis/src/f.ts', '../../../scripts/a.ts', 'nothing-imports-scripts'],
];

/** Imports that every rule must let through. */
const right: readonly (readonly [from: string, imported: string])[] = [
  ['packages/redis/src/client.ts', 'ioredis'],
  ['packages/degraded-mode/src/ioredis/connect.ts', 'ioredis'],
  ['packages/degraded-mode/src/node-redis/connect.ts', 'redis'],
  ['packages/postgres/src/pool.ts', 'pg'],
  ['packages/degraded-mode/src/express.ts', 'express'],
  ['packages/service/src/app.ts', '@secureconnect/degraded-mode'],
  ['packages/service/src/tracing/open-telemetry.ts', '@opentelemetry'],
  ['packages/service/src/tracing/open-telemetry-logs.ts', '@opentelemetry'],
  ['packages/degraded-mode/src/opentelemetry.ts', '@opentelemetry'],
  ['packages/degraded-mode/src/prometheus.ts', 'prom-client'],
  ['packages/tokens/src/revocations.ts', '@secureconnect/redis'],
  ['packages/realtime/src/bus.ts', '@secureconnect/redis'],
  ['packages/cli/src/program.ts', 'commander'],
  ['packages/cli/src/doctor/redis/ask-redis.ts', 'ioredis'],
  ['packages/cli/src/doctor/postgres/survey.ts', 'pg'],
  ['packages/cli/src/doctor/cassandra/survey.ts', 'cassandra-driver'],
  ['packages/cli/src/doctor/files/survey-bucket.ts', 'minio'],
  ['packages/cli/src/session/connect.ts', '@secureconnect/client'],
  ['packages/redis/src/client.test.ts', '@secureconnect/testkit'],
  ['packages/testkit/src/postgres.ts', '@secureconnect/embedded'],
  ['scripts/start.ts', '@secureconnect/embedded'],
  ['scripts/migrate.ts', '../packages/postgres/src/index.ts'],
  ['services/auth/test/flows.test.ts', '@secureconnect/redis/testing'],
  ['test/stack.test.ts', '@secureconnect/auth'],
  ['bench/start.ts', '@secureconnect/embedded'],
  ['bench/peer.ts', 'ioredis'],
  ['bench/other-peer.ts', 'express'],
  ['services/chat/test/socket.test.ts', 'ws'],
  ['services/chat/src/stores/cassandra/client.ts', 'cassandra-driver'],
  ['services/chat/test/store.test.ts', 'cassandra-driver'],
  ['services/auth/src/index.ts', './ended-reconciler.ts'],
  ['services/video/src/index.ts', '@secureconnect/tokens/service-connections'],
  ['services/gateway/src/console/c.ts', '../static-files/index.ts'],
  ['services/gateway/src/docs/c.ts', '../static-files/index.ts'],
  ['services/gateway/src/fleet/c.ts', '../proxy/upstreams/upstream.ts'],
  ['services/gateway/src/proxy.ts', 'undici'],
  ['services/storage/src/objects/s3/client.ts', 'minio'],
  ['services/storage/src/objects/guard.ts', 'cockatiel'],
  ['services/storage/src/exports/zip.ts', 'yazl'],
  ['services/video/src/push/web/sender.ts', 'web-push'],
  ['services/gateway/src/signals/kubernetes/kubeconfig.ts', 'yaml'],
  ['scripts/generate/helm-chart/chart.ts', 'yaml'],
  ['console/src/app/session.tsx', '@secureconnect/client'],
  ['console/src/ui/button.tsx', 'preact'],
  ['console/build/plugin.ts', 'vite'],
];

function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function writeWorkspacePackage(root: string, folder: string, name: string): void {
  const exports = {
    '.': './src/index.ts',
    './testing': './test/testing.ts',
    './service-connections': './src/service-connections.ts',
  };
  const manifest = { name, type: 'module', exports };
  write(root, `${folder}/package.json`, JSON.stringify(manifest));
  write(root, `${folder}/src/index.ts`, 'export {};\n');
  write(root, `${folder}/test/testing.ts`, 'export {};\n');
  mkdirSync(join(root, 'node_modules/@secureconnect'), { recursive: true });
  symlinkSync(join(root, folder), join(root, 'node_modules', name));
}

/** A workspace shaped like this one, with one file for each import of the tables above. */
function writeWorkspace(root: string): void {
  for (const name of [...ours, ...alsoOurs]) {
    writeWorkspacePackage(root, `packages/${name}`, `@secureconnect/${name}`);
  }
  for (const name of ['auth', 'chat', 'gateway', 'storage', 'video']) {
    writeWorkspacePackage(root, `services/${name}`, `@secureconnect/${name}`);
  }
  for (const name of [...libraries, ...otherLibraries]) {
    const manifest = { name, version: '1.0.0', main: 'index.js' };
    write(root, `node_modules/${name}/package.json`, JSON.stringify(manifest));
    write(root, `node_modules/${name}/index.js`, '');
  }
  write(root, 'packages/redis/src/e.test.ts', 'export {};\n');
  write(root, 'packages/tokens/src/service-connections.ts', 'export {};\n');
  for (const room of ['chat/src/routes', 'chat/src/sockets', 'video/src/ports']) {
    write(root, `services/${room}/a.ts`, 'export {};\n');
  }
  for (const room of ['signals', 'proxy']) {
    write(root, `services/gateway/src/${room}/index.ts`, 'export {};\n');
  }
  write(root, 'packages/redis/src/ring-one.ts', "import './ring-two.ts';\n");
  write(root, 'packages/redis/src/ring-two.ts', "import './ring-one.ts';\n");
  write(
    root,
    'services/video/src/type-only.ts',
    "import type { Redis } from 'ioredis';\nexport type Client = Redis;\n",
  );
  const imports = [...wrong, ...right];
  for (const [from, imported] of imports) {
    if (imported.startsWith('.')) write(root, join(dirname(from), imported), 'export {};\n');
  }
  for (const [from, imported] of imports) write(root, from, `import '${imported}';\n`);
}

describe('the layer rules', () => {
  let root = '';
  let report: LayerReport;

  beforeAll(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'secureconnect-layers-')));
    writeWorkspace(root);
    report = await checkLayers(root, rules);
  });

  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function rulesBrokenBy(file: string): string[] {
    return report.wrongImports.filter(({ from }) => from === file).map(({ rule }) => rule);
  }

  test.each(wrong)('refuse %s importing %s (%s)', (from, _imported, rule) => {
    expect(rulesBrokenBy(from)).toContain(rule);
  });

  test.each(right)('let %s import %s', (from) => {
    expect(rulesBrokenBy(from)).toEqual([]);
  });

  test('refuse modules that import each other', () => {
    expect(rulesBrokenBy('packages/redis/src/ring-one.ts')).toContain('no-circular');
  });

  test('see type-only imports', () => {
    expect(rulesBrokenBy('services/video/src/type-only.ts')).toContain('library-ioredis');
  });
});

describe('the rules on this repository', () => {
  test('are each shown to refuse something', async () => {
    const { forbidden = [] } = await extractDepcruiseConfig(rules);
    const shown = ['no-circular', ...wrong.map(([, , rule]) => rule)];
    expect(new Set(shown)).toEqual(new Set(forbidden.map(({ name }) => name)));
  });

  // It reads every module, which took 20 s where other tests shared the machine.
  test('read its modules, rather than pass on nothing', { timeout: 120_000 }, async () => {
    const { modules } = await checkLayers(repository, rules);
    expect(modules).toBeGreaterThan(20);
  });
});
