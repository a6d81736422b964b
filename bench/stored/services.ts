import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createAuth, readAuthConfig } from '@secureconnect/auth';
import { createChat, readChatConfig } from '@secureconnect/chat';
import { freePort, type RedisServer } from '@secureconnect/embedded';
import { createLogger, type Logger, type Service } from '@secureconnect/service';
import { createStorage, readStorageConfig } from '@secureconnect/storage';
import { migratedPostgres, ownRedis } from '../support/servers.ts';
import { TemporaryFolder } from '../support/temporary-folder.ts';

/** Auth, chat and storage in this process, over stores that nobody else uses. */
export interface StoringServices extends AsyncDisposable {
  readonly urls: Readonly<Record<'auth' | 'chat' | 'storage', string>>;
  readonly databaseUrl: string;
  readonly redis: RedisServer;
}

/** Starts everything; what it stores is as in production, except the cost of password hashes. */
export async function startStoringServices(): Promise<StoringServices> {
  await using parts = new AsyncDisposableStack();
  const databaseUrl = await migratedPostgres(['auth', 'chat', 'storage'], parts);
  const redis = await ownRedis(parts);
  const folder = parts.use(new TemporaryFolder()).path;
  const storagePort = await freePort();
  const variables = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    JWT_SECRET: randomBytes(32).toString('base64'),
    BCRYPT_COST: '4',
    SIGN_INS_PER_SECOND: '10000',
    MAIL_DIRECTORY: join(folder, 'mail'),
    STORAGE_DIRECTORY: join(folder, 'objects'),
    STORAGE_PUBLIC_URL: `http://127.0.0.1:${storagePort}`,
    LOG_LEVEL: 'error',
  };
  const serve = async (create: (log: Logger) => Promise<Service>, port = 0): Promise<string> => {
    const service = await create(createLogger({ service: 'bench', level: variables.LOG_LEVEL }));
    parts.defer(() => service.close());
    return `http://127.0.0.1:${await service.listen(port)}`;
  };
  const urls = {
    auth: await serve((log) => createAuth(readAuthConfig(variables), log)),
    chat: await serve((log) => createChat(readChatConfig(variables), log)),
    storage: await serve((log) => createStorage(readStorageConfig(variables), log), storagePort),
  };
  const owned = parts.move();
  return { urls, databaseUrl, redis, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
