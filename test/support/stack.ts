import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuth, readAuthConfig } from '@secureconnect/auth';
import { createChat, readChatConfig } from '@secureconnect/chat';
import { createGateway, readGatewayConfig } from '@secureconnect/gateway';
import { migratedDatabase, migrateServices } from '@secureconnect/postgres/testing';
import { createLogger, type Logger, type Service } from '@secureconnect/service';
import { createStorage, readStorageConfig } from '@secureconnect/storage';
import {
  freePort,
  LogLines,
  ServiceProcess,
  sfuEnvironment,
  type TestOidcProvider,
  type TestRedis,
  testOidcProvider,
  testPostgres,
  testRedis,
} from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { createVideo, readVideoConfig } from '@secureconnect/video';
import type { Timeouts } from '../../services/gateway/src/proxy/upstreams/timeouts.ts';
import { vapidEnvironment } from '../../services/video/test/push/vapid.ts';
import { samplePushHost } from '../../services/video/test/push-samples.ts';

export const serviceNames = ['gateway', 'auth', 'chat', 'video', 'storage'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Who delivers alerts to a stack says this. */
export const signalsToken = 'a-token-of-the-tests-for-signals';

/** The five services in this process, over a database and a Redis of their own. */
export interface Stack extends AsyncDisposable {
  readonly redis: TestRedis;
  readonly databaseUrl: string;
  /** Where mails and stored files are kept. */
  readonly directory: string;
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly mailDirectory: string;
  /** Users sign in there as at "acme". */
  readonly oidcProvider: TestOidcProvider;
  /** The services that run in processes of their own, to be killed and started again. */
  readonly processes: Readonly<Partial<Record<ServiceName, ServiceProcess>>>;
  /** The log lines so far, parsed. */
  readonly logs: readonly LogLine[];
}

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly service: string;
}

export interface StackOptions {
  /** The way to Redis, such as a proxy's URL, where it is not the direct one. */
  readonly wayToRedis?: (redis: TestRedis) => string | Promise<string>;
  /** The way to the database, such as a pooler's URL, where it is not the direct one. */
  readonly wayToDatabase?: (url: string) => Promise<AsyncDisposable & { readonly url: string }>;
  /** The way of the gateway to a service, as a URL, where it is not the direct one. */
  readonly wayToService?: (service: ServiceName, port: number) => Promise<string>;
  /** The time limits of the gateway for the services, where they are not the default ones. */
  readonly timeouts?: Timeouts;
  /** Services that run in processes of their own. Default: all run in this process. */
  readonly processes?: readonly ServiceName[];
  /** A running stack, whose database, Redis and files are used and left to it. */
  readonly over?: Stack;
}

/** What the services stand on. */
type Ground = Pick<Stack, 'redis' | 'databaseUrl' | 'directory' | 'oidcProvider'>;

/** Migrated; by its own way, where it has one. */
async function openGroundDatabase(
  parts: AsyncDisposableStack,
  wayToDatabase: StackOptions['wayToDatabase'],
): Promise<AsyncDisposable & { readonly url: string }> {
  const schemas = ['auth', 'chat', 'gateway', 'storage', 'video'];
  if (wayToDatabase === undefined) return migratedDatabase(schemas);
  const server = parts.use(await testPostgres());
  const database = await wayToDatabase(server.url);
  await migrateServices(database.url, schemas);
  return database;
}

async function layGround(
  parts: AsyncDisposableStack,
  { wayToDatabase }: StackOptions,
): Promise<Ground> {
  const database = parts.use(await openGroundDatabase(parts, wayToDatabase));
  const redis = parts.use(await testRedis());
  const directory = await mkdtemp(join(tmpdir(), 'stack-'));
  parts.defer(() => rm(directory, { recursive: true }));
  const oidcProvider = parts.use(await testOidcProvider());
  return { redis, databaseUrl: database.url, directory, oidcProvider };
}

/** Starts everything; `environment` is given to every service. */
export async function startStack(
  environment: NodeJS.ProcessEnv = {},
  options: StackOptions = {},
): Promise<Stack> {
  await using parts = new AsyncDisposableStack();
  const ground = options.over ?? (await layGround(parts, options));
  const { redis, databaseUrl, directory, oidcProvider } = ground;
  const mailDirectory = join(directory, 'mail');
  const ports = Object.fromEntries(
    await Promise.all(serviceNames.map(async (name) => [name, await freePort()] as const)),
  ) as Record<ServiceName, number>;
  const urlOf = (name: ServiceName): string => `http://127.0.0.1:${ports[name]}`;
  const ways = await Promise.all(
    serviceNames.map(async (name) => {
      const way = await options.wayToService?.(name, ports[name]);
      return [`${name.toUpperCase()}_URL`, way ?? urlOf(name)] as const;
    }),
  );
  const variables = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: (await options.wayToRedis?.(redis)) ?? redis.url,
    JWT_SECRET: jwtSecret,
    SIGNALS_TOKEN: signalsToken,
    BCRYPT_COST: '4',
    // All users of a test come from one address, faster than any hash of production.
    SIGN_INS_PER_SECOND: '10000',
    MAIL_DIRECTORY: mailDirectory,
    ...oidcProvider.environment,
    ...vapidEnvironment,
    WEB_PUSH_HOSTS: samplePushHost,
    PASSKEY_RP_ID: 'localhost',
    PASSKEY_ORIGINS: `http://localhost:8080,http://localhost:${ports.gateway}`,
    ...sfuEnvironment(await freePort()),
    STORAGE_DIRECTORY: join(directory, 'objects'),
    STORAGE_PUBLIC_URL: urlOf('storage'),
    // So that a test can stand behind any address it likes.
    GATEWAY_TRUSTED_PROXIES: 'loopback',
    ...Object.fromEntries(
      serviceNames.map((name) => [`${name.toUpperCase()}_PORT`, String(ports[name])]),
    ),
    ...Object.fromEntries(ways),
    ...environment,
  };
  const logs: LogLine[] = [];
  // Disposed of after the services: fails for a status that an endpoint does not list.
  const errors = parts.use(new LogLines());
  const processes: Partial<Record<ServiceName, ServiceProcess>> = {};
  for (const [name, create] of creators(variables, options)) {
    if (options.processes?.includes(name)) {
      const service = processOf(name, urlOf(name), variables);
      parts.defer(() => service.end('SIGKILL'));
      await service.start();
      processes[name] = service;
      continue;
    }
    const service = await create(capturingLogger(name, logs, errors));
    parts.defer(() => service.close());
    await service.listen(ports[name]);
  }
  const urls = Object.fromEntries(serviceNames.map((name) => [name, urlOf(name)])) as Stack['urls'];
  const owned = parts.move();
  const dispose = () => owned.disposeAsync();
  const stands = { redis, databaseUrl, directory, oidcProvider };
  return { ...stands, urls, mailDirectory, processes, logs, [Symbol.asyncDispose]: dispose };
}

function processOf(name: ServiceName, url: string, variables: NodeJS.ProcessEnv): ServiceProcess {
  const main = join(import.meta.dirname, '../../services', name, 'src/main.ts');
  const environment = { ...process.env, LOG_LEVEL: 'fatal', ...variables };
  return new ServiceProcess({ main, url, environment });
}

type Creator = (log: Logger) => Promise<Service>;

function creators(
  variables: NodeJS.ProcessEnv,
  { timeouts }: StackOptions,
): [ServiceName, Creator][] {
  const overrides = timeouts === undefined ? {} : { timeouts };
  return [
    ['auth', (log) => createAuth(readAuthConfig(variables), log)],
    ['chat', (log) => createChat(readChatConfig(variables), log)],
    ['video', (log) => createVideo(readVideoConfig(variables), log)],
    ['storage', (log) => createStorage(readStorageConfig(variables), log)],
    ['gateway', (log) => createGateway(readGatewayConfig(variables), log, overrides)],
  ];
}

function capturingLogger(service: string, logs: LogLine[], errors: LogLines): Logger {
  return createLogger({
    service,
    level: 'info',
    write(line) {
      const parsed = JSON.parse(line) as LogLine;
      logs.push(parsed);
      if (parsed.level === 'error') errors.write(line);
    },
  });
}
