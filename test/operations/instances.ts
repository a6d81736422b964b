import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import {
  eventually,
  freePort,
  LeashedProcess,
  spawnLeashed,
  testRedis,
} from '@secureconnect/testkit';
import { type ServiceName, serviceNames } from '../support/stack.ts';

const root = join(import.meta.dirname, '../..');
/** The gateways last: they are ready when the others are known. */
const inOrder: readonly ServiceName[] = ['auth', 'chat', 'video', 'storage', 'gateway'];
const slowStart = { timeoutMs: 60_000, intervalMs: 50 };

/** Two processes of every service, as in production. */
export interface Instances extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly jwtSecret: string;
  urlsOf(service: ServiceName): readonly string[];
  /** SIGTERM, its end, a new process on the same port, and that it is ready. */
  restart(service: ServiceName, index: 0 | 1): Promise<void>;
}

const secret = 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn';

export async function startInstances(): Promise<Instances> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await migratedDatabase(serviceNames));
  const redis = parts.use(await testRedis());
  const files = await mkdtemp(join(tmpdir(), 'rolling-restart-'));
  parts.defer(() => rm(files, { recursive: true }));
  const ports = new Map<ServiceName, readonly number[]>();
  for (const name of serviceNames) ports.set(name, [await freePort(), await freePort()]);
  const urlsOf = (name: ServiceName): string[] =>
    (ports.get(name) ?? []).map((port) => `http://127.0.0.1:${port}`);
  const environment = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    JWT_SECRET: secret,
    FACTOR_SECRET: `${secret}-of-factors`,
    SIGNALS_TOKEN: secret,
    SMTP_URL: 'smtp://127.0.0.1:25',
    STORAGE_DIRECTORY: files,
    ...Object.fromEntries(
      serviceNames.map((name) => [`${name.toUpperCase()}_URL`, urlsOf(name).join(',')]),
    ),
  };
  const running = new Map<string, LeashedProcess>();
  parts.defer(async () => {
    await Promise.all([...running.values()].map((each) => each.stop('SIGTERM', 20_000)));
  });
  const start = async (name: ServiceName, index: number): Promise<void> => {
    const port = ports.get(name)?.[index];
    running.set(`${name}-${index}`, startProcess(name, Number(port), environment));
    await eventually(() => isReady(`http://127.0.0.1:${port}`), slowStart);
  };
  for (const name of inOrder) await Promise.all([start(name, 0), start(name, 1)]);
  const owned = parts.move();
  return {
    databaseUrl: database.url,
    jwtSecret: secret,
    urlsOf,
    async restart(name, index) {
      const process = running.get(`${name}-${index}`);
      process?.signal('SIGTERM');
      const how = await process?.ended;
      if (how !== 'exit code 0') throw new Error(`${name}-${index} ended with ${how}`);
      await start(name, index);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function startProcess(
  name: ServiceName,
  port: number,
  environment: NodeJS.ProcessEnv,
): LeashedProcess {
  const child = spawnLeashed({
    command: [process.execPath, `services/${name}/src/main.ts`],
    signal: 'SIGKILL',
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: root,
    env: { ...process.env, ...environment, [`${name.toUpperCase()}_PORT`]: String(port) },
  });
  if (child.stderr !== null) void text(child.stderr).then((said) => process.stderr.write(said));
  return new LeashedProcess(child);
}

async function isReady(url: string): Promise<void> {
  const reply = await fetch(`${url}/ready`);
  if (!reply.ok) throw new Error(`${url} is not ready: ${await reply.text()}`);
}
