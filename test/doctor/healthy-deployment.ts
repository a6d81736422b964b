import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAuth, readAuthConfig } from '@secureconnect/auth';
import { createChat, readChatConfig } from '@secureconnect/chat';
import { createGateway, readGatewayConfig } from '@secureconnect/gateway';
import { migrateServices } from '@secureconnect/postgres/testing';
import { createLogger, type Logger, type Service } from '@secureconnect/service';
import { createStorage, readStorageConfig } from '@secureconnect/storage';
import {
  backendScripts,
  freePort,
  type OwnPostgres,
  ownPostgres,
  type SentinelSet,
  startSentinelSet,
  testCoturn,
  testS3,
} from '@secureconnect/testkit';
import { createVideo, readVideoConfig } from '@secureconnect/video';
import { startMailServer } from '../../services/auth/test/mail-servers.ts';
import { type ServiceName, serviceNames } from '../support/stack.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Random, as `openssl rand` would make them, and the same in each run. */
const secretOf = (purpose: string): string => `k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn-of-${purpose}`;
const redisPassword = 'b7Tq4nW9xLs2Kd6Vz1Rf';
const operatorPassword = 'Yp3Gm8Hc5Ja0Qe7Ui2Xo';
const mailPassword = 'Nv6Bk1Tz9Sw4Ld8Fr3Cy';
const pageOrigin = 'https://app.acme-chat.org';

/** A deployment on real servers in which nothing is wrong, as its operator would set it up. */
export interface HealthyDeployment extends AsyncDisposable {
  /** The variables of its services. */
  readonly environment: Readonly<Record<string, string>>;
  readonly gatewayUrl: string;
  readonly redis: SentinelSet;
  readonly services: Readonly<Record<ServiceName, Service>>;
  /** Runs a command at a Redis server, or as the operator at a sentinel. */
  askRedis(node: 1 | 2 | 3 | 4 | 5 | 6, ...words: readonly string[]): Promise<string>;
  readonly database: OwnPostgres;
  /** Lets the doctor ask the gateway again at once, as if a minute had passed. */
  forgetLimits(): Promise<void>;
}

/** Starts it, in some twenty seconds. */
export async function startHealthyDeployment(): Promise<HealthyDeployment> {
  await using parts = new AsyncDisposableStack();
  const scripts = backendScripts();
  if (scripts === undefined) throw new Error('SECURECONNECT_BACKENDS is not set.');
  const set = { downAfterMs: 30_000, password: redisPassword };
  const redis = parts.use(await startSentinelSet(scripts, set));
  await restrictSentinels(redis);
  const database = parts.use(await ownPostgres());
  await migrateServices(database.url, [...serviceNames]);
  const turnSecret = secretOf('turn');
  const turn = parts.use(await testCoturn({ secret: turnSecret }));
  const s3 = parts.use(await testS3('minio', { MINIO_API_CORS_ALLOW_ORIGIN: pageOrigin }));
  const account = { user: 'mailer', password: mailPassword };
  const mail = parts.use(await startMailServer({ account }));
  const ports = await portsOfServices();
  const environment: Record<string, string> = {
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    REDIS_SENTINELS: redis.sentinels,
    REDIS_MASTER_NAME: redis.masterName,
    REDIS_PASSWORD: redisPassword,
    JWT_SECRET: secretOf('tokens'),
    FACTOR_SECRET: secretOf('factors'),
    SIGNING_KEYS_SECRET: secretOf('keys'),
    ACCEPT_HS256_TOKENS: 'false',
    SIGNALS_TOKEN: secretOf('signals'),
    SMTP_URL: mail.url.replace('//', `//mailer:${mailPassword}@`),
    MAIL_FROM: 'Acme Chat <no-reply@acme-chat.org>',
    S3_ENDPOINT: s3.endpoint,
    S3_PUBLIC_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_BUCKET: 'acme-files',
    S3_ACCESS_KEY: s3.accessKey,
    S3_SECRET_KEY: s3.secretKey,
    CORS_ORIGINS: pageOrigin,
    TURN_URLS: `turn:127.0.0.1:${turn.port},turn:127.0.0.1:${turn.port}?transport=tcp`,
    TURN_SECRET: turnSecret,
    METRICS_PORT: String(await freePort()),
    ...Object.fromEntries(
      serviceNames.flatMap((name) => [
        [`${name.toUpperCase()}_PORT`, String(ports[name])],
        [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${ports[name]}`],
      ]),
    ),
  };
  await rotateKeys(environment);
  await database.run("UPDATE auth.signing_keys SET signs_from = now() - interval '2 hours'");
  const services = await startServices(environment, ports, parts);
  const ask = asker(redis);
  const owned = parts.move();
  return {
    ...{ environment, redis, database, services },
    gatewayUrl: `http://127.0.0.1:${ports.gateway}`,
    askRedis: ask,
    async forgetLimits() {
      const keys = await ask(1, 'KEYS', 'secureconnect:limit:*');
      if (keys !== '') await ask(1, 'DEL', ...keys.split('\n'));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function asker(redis: SentinelSet): HealthyDeployment['askRedis'] {
  return async (node, ...words) => {
    const port = String(redis.portOf(node));
    const user = node <= 3 ? [] : ['--user', 'operator'];
    const password = node <= 3 ? redisPassword : operatorPassword;
    const env = { ...process.env, REDISCLI_AUTH: password };
    const { stdout } = await run('redis-cli', ['-p', port, ...user, '-e', ...words], { env });
    return stdout.trim();
  };
}

/** The user `default` may ask and listen alone, by the line of the deployments. */
async function restrictSentinels(redis: SentinelSet): Promise<void> {
  const template = readFileSync(join(root, 'deploy/redis-ha/templates/sentinel.conf'), 'utf8');
  const rights = /^user default (.*)$/m.exec(template)?.[1];
  if (rights === undefined) throw new Error('sentinel.conf has no user default');
  for (const node of [4, 5, 6] as const) {
    const set = ['-p', String(redis.portOf(node)), '-e', 'ACL', 'SETUSER'];
    await run('redis-cli', [...set, 'operator', 'on', `>${operatorPassword}`, '~*', '&*', '+@all']);
    await run('redis-cli', [...set, 'default', ...rights.split(' ')]);
  }
}

async function portsOfServices(): Promise<Readonly<Record<ServiceName, number>>> {
  const pairs = serviceNames.map(async (name) => [name, await freePort()] as const);
  return Object.fromEntries(await Promise.all(pairs)) as Record<ServiceName, number>;
}

/** By the command of operators. */
async function rotateKeys(environment: Readonly<Record<string, string>>): Promise<void> {
  const command = join(root, 'services/auth/src/commands/rotate-keys.ts');
  await run(process.execPath, [command], { env: { ...process.env, ...environment } });
}

async function startServices(
  environment: NodeJS.ProcessEnv,
  ports: Readonly<Record<ServiceName, number>>,
  parts: AsyncDisposableStack,
): Promise<HealthyDeployment['services']> {
  const creators: readonly (readonly [ServiceName, (log: Logger) => Promise<Service>])[] = [
    ['auth', (log) => createAuth(readAuthConfig(environment), log)],
    ['chat', (log) => createChat(readChatConfig(environment), log)],
    ['video', (log) => createVideo(readVideoConfig(environment), log)],
    ['storage', (log) => createStorage(readStorageConfig(environment), log)],
    ['gateway', (log) => createGateway(readGatewayConfig(environment), log)],
  ];
  const services: Partial<Record<ServiceName, Service>> = {};
  for (const [name, create] of creators) {
    const service = await create(createLogger({ service: name, level: 'fatal' }));
    parts.defer(() => service.close());
    await service.listen(ports[name]);
    services[name] = service;
  }
  return services as Record<ServiceName, Service>;
}
