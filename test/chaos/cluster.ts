import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuth, readAuthConfig } from '@secureconnect/auth';
import { createChat, readChatConfig } from '@secureconnect/chat';
import { createGateway, readGatewayConfig } from '@secureconnect/gateway';
import { migrateServices } from '@secureconnect/postgres/testing';
import { createLogger, type Logger, type Service } from '@secureconnect/service';
import { createStorage, readStorageConfig } from '@secureconnect/storage';
import { FaultProxy, freePort, type RedisServer } from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { createVideo, readVideoConfig } from '@secureconnect/video';
import { type ServiceName, serviceNames, signalsToken } from '../support/stack.ts';
import type { History } from './history.ts';
import { Instance } from './instance.ts';

export interface ClusterOptions {
  readonly redis: RedisServer;
  readonly databaseUrl: string;
  readonly history: History;
  /** Milliseconds from the start of the run. */
  readonly now: () => number;
  /** Instances of each service. */
  readonly counts: Readonly<Record<ServiceName, number>>;
}

/** Several instances of every service in this process, over one Redis and one database. */
export interface Cluster extends AsyncDisposable {
  readonly redis: RedisServer;
  /** Through which every instance reaches Redis. */
  readonly proxy: FaultProxy;
  readonly instances: readonly Instance[];
  /** The instances of one service. */
  of(service: ServiceName): readonly Instance[];
  named(name: string): Instance;
  /** The instance of a service that took a request; undefined where none did. */
  takerOf(service: ServiceName, requestId: string): string | undefined;
}

/** Starts every instance; each gateway knows all instances of the others. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { redis, databaseUrl } = options;
  await using parts = new AsyncDisposableStack();
  const files = await mkdtemp(join(tmpdir(), 'chaos-'));
  parts.defer(() => rm(files, { recursive: true }));
  await migrateServices(databaseUrl, ['auth', 'chat', 'gateway', 'storage', 'video']);
  const proxy = parts.use(await FaultProxy.start(redis.port));
  const places = await choosePlaces(options.counts);
  const instances = places.map(({ service, name, port }) => {
    const environment = {
      ...variables({ ...options, redisUrl: proxy.url }, files, places),
      [`${service.toUpperCase()}_PORT`]: String(port),
    };
    const log = capturingLogger(name, options);
    return new Instance({ service, name, port, create: () => creators[service](environment, log) });
  });
  for (const instance of instances) {
    parts.defer(() => instance.close());
    await instance.start();
  }
  const owned = parts.move();
  return {
    redis,
    proxy,
    instances,
    of: (service) => instances.filter((instance) => instance.service === service),
    named(name) {
      const found = instances.find((instance) => instance.name === name);
      if (found === undefined) throw new Error(`there is no instance ${name}`);
      return found;
    },
    takerOf: (service, requestId) =>
      instances.find((instance) => instance.service === service && instance.took(requestId))?.name,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Place {
  readonly service: ServiceName;
  readonly name: string;
  readonly port: number;
}

async function choosePlaces(counts: Readonly<Record<ServiceName, number>>): Promise<Place[]> {
  const places: Place[] = [];
  // The gateways last: they look for the others as soon as they start.
  for (const service of [...serviceNames].reverse()) {
    for (let number = 1; number <= counts[service]; number += 1) {
      places.push({ service, name: `${service}-${number}`, port: await freePort() });
    }
  }
  return places;
}

function variables(
  { databaseUrl, redisUrl, history }: ClusterOptions & { readonly redisUrl: string },
  files: string,
  places: readonly Place[],
): NodeJS.ProcessEnv {
  const urlsOf = (service: ServiceName): string[] =>
    places
      .filter((place) => place.service === service)
      .map(({ port }) => `http://127.0.0.1:${port}`);
  return {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    JWT_SECRET: jwtSecret,
    SIGNALS_TOKEN: signalsToken,
    BCRYPT_COST: '4',
    SIGN_INS_PER_SECOND: '10000',
    // Nobody's token expires within a run; those that end are revoked.
    ACCESS_TOKEN_SECONDS: '3600',
    MAIL_DIRECTORY: join(files, 'mail'),
    STORAGE_DIRECTORY: join(files, 'objects'),
    STORAGE_PUBLIC_URL: urlsOf('storage')[0],
    STORAGE_QUOTA_BYTES: String(history.quotaBytes),
    // Users stand behind any address they like, so that no address meets a limit.
    GATEWAY_TRUSTED_PROXIES: 'loopback',
    ...Object.fromEntries(
      serviceNames.map((service) => [`${service.toUpperCase()}_URL`, urlsOf(service).join(',')]),
    ),
  };
}

type Creator = (environment: NodeJS.ProcessEnv, log: Logger) => Promise<Service>;

const creators: Readonly<Record<ServiceName, Creator>> = {
  auth: (environment, log) => createAuth(readAuthConfig(environment), log),
  chat: (environment, log) => createChat(readChatConfig(environment), log),
  video: (environment, log) => createVideo(readVideoConfig(environment), log),
  storage: (environment, log) => createStorage(readStorageConfig(environment), log),
  gateway: (environment, log) => createGateway(readGatewayConfig(environment), log),
};

function capturingLogger(instance: string, { history, now }: ClusterOptions): Logger {
  return createLogger({
    service: instance,
    level: 'info',
    write(text) {
      const { level, msg } = JSON.parse(text);
      // A line for every request would only say again what the operations say.
      if (msg !== 'request') history.logs.push({ atMs: now(), instance, level, msg, text });
    },
  });
}
