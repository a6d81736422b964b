/**
 * The layers of ARCHITECTURE.md, and which folder owns which library.
 *
 * Each table below is the only place where its fact is written; the rules are built from them, and
 * scripts/check/layers.test.ts shows that a wrong import fails.
 */

const base = ['degraded-mode', 'contracts', 'postgres'];
const middle = [...base, 'service', 'redis', 'tokens'];

/** What the source of each package may import of ours. */
const mayImport = {
  'degraded-mode': [],
  contracts: [],
  client: [],
  cli: ['client'],
  postgres: [],
  embedded: ['degraded-mode'],
  service: base,
  redis: [...base, 'service'],
  tokens: [...base, 'service', 'redis'],
  'rate-limit': middle,
  realtime: middle,
  outbox: [...base, 'service'],
  testkit: ['embedded', 'degraded-mode'],
};

/** What some folders of the gateway may import of the others. */
const gatewayFolders = {
  'static-files': [],
  console: ['static-files'],
  docs: ['static-files'],
  demo: [],
  fleet: ['proxy/upstreams'],
};

const tests = String.raw`(\.test\.ts$|^test/|^(packages|services)/[^/]+/test/)`;

/** What somebody writes who uses the package without the rest of this repository. */
const degradedModeExamples = '^packages/degraded-mode/(examples|test)/';

/** Its peers are servers of their own on the same libraries. */
const bench = '^bench/';

/** Runs in the image of the migrations, where nothing is installed for the root. */
const withoutNames = String.raw`^scripts/migrate\.ts$`;

/** The only folders that may import a library. */
const ownedLibraries = [
  {
    library: 'ioredis',
    owners: [
      '^packages/redis/',
      '^packages/cli/src/doctor/redis/',
      '^packages/degraded-mode/src/ioredis/',
      '^packages/degraded-mode/test/redis/',
      degradedModeExamples,
      bench,
    ],
  },
  {
    library: 'redis',
    owners: ['^packages/degraded-mode/(src/node-redis|test/redis)/', degradedModeExamples],
  },
  { library: 'pg', owners: ['^packages/(postgres|testkit|cli/src/doctor/postgres)/', bench] },
  { library: 'node-pg-migrate', owners: ['^packages/postgres/'] },
  {
    library: 'express',
    owners: [
      '^packages/service/',
      String.raw`^packages/degraded-mode/src/(express[^/]*\.ts$|bridges/)`,
      degradedModeExamples,
      bench,
    ],
  },
  {
    library: 'fastify',
    owners: [
      String.raw`^packages/degraded-mode/src/fastify[^/]*\.ts$`,
      degradedModeExamples,
      bench,
    ],
  },
  { library: 'hono', owners: [String.raw`^packages/degraded-mode/src/hono[^/]*\.ts$`] },
  {
    library: 'cassandra-driver',
    owners: ['^(services/chat/src/stores|packages/cli/src/doctor/cassandra)/', tests],
  },
  {
    library: 'minio',
    owners: ['^(services/storage/src/objects|packages/cli/src/doctor/files)/', tests],
  },
  { library: 'yazl', owners: ['^services/storage/src/exports/'] },
  { library: 'cockatiel', owners: ['^services/storage/src/objects/', bench] },
  // In the CLI for Node.js 20, which has no WebSocket of its own.
  { library: 'ws', owners: ['^packages/(realtime|testkit|cli)/', tests, bench] },
  { library: 'commander', owners: ['^packages/cli/'] },
  {
    library: 'yaml',
    owners: ['^(services/gateway/src/signals/kubernetes|scripts/generate/helm-chart)/', tests],
  },
  { library: 'undici', owners: ['^services/gateway/', bench] },
  {
    library: 'jose',
    owners: [
      '^packages/tokens/',
      '^services/auth/(src/keys|test)/',
      '^services/video/(src/push|test)/',
      bench,
    ],
  },
  { library: 'web-push', owners: ['^services/video/src/(push|commands)/', tests] },
  { library: 'jsonwebtoken', owners: ['^packages/tokens/', bench] },
  { library: 'bcrypt', owners: ['^services/auth/'] },
  { library: 'bowser', owners: ['^services/auth/'] },
  { library: '@simplewebauthn/server', owners: ['^services/auth/src/passkeys/'] },
  {
    library: 'prom-client',
    owners: [
      '^packages/service/',
      String.raw`^packages/degraded-mode/src/prometheus[^/]*\.ts$`,
      bench,
    ],
  },
  {
    library: '@opentelemetry',
    owners: [
      String.raw`^packages/service/src/tracing/open-telemetry(-logs)?\.ts$`,
      String.raw`^packages/degraded-mode/src/opentelemetry[^/]*\.ts$`,
    ],
  },
  { library: 'livekit-server-sdk', owners: ['^services/video/src/sfu/', tests] },
  { library: 'pino', owners: ['^packages/service/'] },
  { library: 'preact', owners: ['^console/src/'] },
  { library: 'playwright-core', owners: [tests] },
  { library: 'axe-core', owners: [tests] },
  { library: '@preact/signals', owners: ['^console/src/'] },
  { library: 'vite', owners: [String.raw`^console/(build/|vite\.config\.ts$)`] },
  { library: '@tailwindcss/vite', owners: [String.raw`^console/vite\.config\.ts$`] },
  {
    library: 'vitest',
    owners: ['^(packages/testkit|scripts/vitest)/', tests, String.raw`^vitest[^/]*\.ts$`],
  },
  { library: 'fast-check', owners: ['^packages/testkit/', tests] },
];

const packageRules = Object.entries(mayImport).map(([name, allowed]) => ({
  name: `layer-${name}`,
  severity: 'error',
  comment: `${name} may import ${allowed.length > 0 ? allowed.join(', ') : 'none of our packages'}`,
  from: { path: `^packages/${name}/` },
  to: {
    path: '^(packages|services)/',
    // testkit and embedded have rules of their own.
    pathNot: `^packages/(${[name, ...allowed, 'testkit', 'embedded'].join('|')})/`,
  },
}));

const gatewayRules = Object.entries(gatewayFolders).map(([folder, allowed]) => ({
  name: `gateway-${folder}`,
  severity: 'error',
  comment: `${folder} of the gateway may import ${allowed.join(', ') || 'nothing else of it'}`,
  from: { path: `^services/gateway/src/${folder}/` },
  to: {
    path: '^services/gateway/src/',
    pathNot: `^services/gateway/src/(${[folder, ...allowed].join('|')})/`,
  },
}));

/** A library is reached in node_modules, or by its bare name where it does not resolve. */
const libraryRules = ownedLibraries.map(({ library, owners }) => ({
  name: `library-${library}`,
  severity: 'error',
  comment: `${library} belongs to ${owners.join(' ')}`,
  from: { pathNot: owners },
  to: { path: `(^|node_modules/)(@types/)?${library}(/|$)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...packageRules,
    ...libraryRules,
    ...gatewayRules,
    {
      name: 'package-without-layer',
      severity: 'error',
      comment: 'a new package needs its line in mayImport',
      from: { path: '^packages/', pathNot: `^packages/(${Object.keys(mayImport).join('|')})/` },
      to: {},
    },
    {
      name: 'console-over-the-client',
      severity: 'error',
      comment: 'pages reach the product as any other app does: by packages/client',
      from: { path: '^console/src/', pathNot: tests },
      to: { path: '^(packages|services|scripts|test|bench)/', pathNot: '^packages/client/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'two modules that need each other are one module, or three',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      comment: 'an import that resolves to nothing escapes every other rule',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-service-to-service',
      severity: 'error',
      comment: 'services speak HTTP, or through a view in SQL',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'routes-on-top',
      severity: 'error',
      comment: 'a route calls what is below it; what is below knows no route',
      from: { path: '^services/[^/]+/src/[^/]+/', pathNot: '^services/[^/]+/src/routes/' },
      to: { path: '^services/[^/]+/src/routes/' },
    },
    {
      name: 'operations-without-sockets',
      severity: 'error',
      comment: 'operations, stores and ports are the same over HTTP and over a socket',
      from: { path: '^services/chat/src/(operations|stores|ports)/' },
      to: { path: '^services/chat/src/sockets/' },
    },
    {
      name: 'stores-at-the-bottom',
      severity: 'error',
      comment: 'a store knows nothing of its callers',
      from: { path: '^services/[^/]+/src/stores/' },
      to: { path: '^services/[^/]+/src/(operations|sockets|ports)/' },
    },
    {
      name: 'reconcilers-in-the-index',
      severity: 'error',
      comment: 'the index of a service lists all that a recovery runs, and starts it',
      from: {
        path: '^services/',
        pathNot: [String.raw`^services/[^/]+/src/index\.ts$`, tests],
      },
      to: { path: String.raw`(-reconciler|^packages/tokens/src/service-connections)\.ts$` },
    },
    {
      name: 'signals-without-proxy',
      severity: 'error',
      comment: 'the alert ingest and the proxy share a process and nothing else',
      from: { path: '^services/gateway/src/signals/' },
      to: { path: '^services/gateway/src/proxy/' },
    },
    {
      name: 'proxy-without-signals',
      severity: 'error',
      comment: 'the alert ingest and the proxy share a process and nothing else',
      from: { path: '^services/gateway/src/proxy/' },
      to: { path: '^services/gateway/src/signals/' },
    },
    {
      name: 'storage-without-redis',
      severity: 'error',
      comment: 'storage works without Redis, so there is nothing in it to degrade',
      from: { path: '^services/storage/' },
      to: { path: '^packages/(redis|rate-limit|realtime)/' },
    },
    {
      name: 'testkit-only-from-tests',
      severity: 'error',
      comment: 'what tests need must not reach production',
      from: { pathNot: ['^packages/testkit/', tests] },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'embedded-never-in-production',
      severity: 'error',
      comment: 'a production process starts no database of its own',
      from: { pathNot: ['^(packages/(embedded|testkit|degraded-mode)|scripts|bench)/', tests] },
      to: { path: '^packages/(embedded|degraded-mode/src/testing)/' },
    },
    {
      name: 'packages-by-name',
      severity: 'error',
      comment: 'what a package shows is what its `exports` name',
      from: { path: '^(test|scripts|bench|services)/', pathNot: withoutNames },
      to: { path: '^packages/[^/]+/(src|test)/', dependencyTypes: ['local'] },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      comment: 'a test is an end of the graph',
      from: { pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'nothing-imports-scripts',
      severity: 'error',
      comment: 'scripts start and check the product; it knows nothing of them',
      from: { path: '^(packages|services)/' },
      to: { path: '^(scripts|test|bench|console)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: String.raw`(\.fixture\.ts$|^console/dist/)` },
    // Type-only imports are arrows too.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
