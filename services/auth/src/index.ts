import { openDatabase } from '@secureconnect/postgres';
import { openRedis, redisMode } from '@secureconnect/redis';
import { createService, type Logger, type Service } from '@secureconnect/service';
import {
  createTokenSigner,
  createTokenVerifier,
  RevocationSnapshot,
  revocationReconciler,
} from '@secureconnect/tokens';
import type { AuthConfig } from './config.ts';
import type { AuthContext, SignAccessToken } from './context.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createMailer } from './mail/create-mailer.ts';
import { createPasswords } from './passwords.ts';
import { failedLoginReconciler } from './ports/failed-logins.ts';
import { createAuthPorts } from './ports.ts';
import { authRoutes } from './routes/index.ts';

const name = 'auth-service';

/** Builds the auth service. `overrides` replace parts of the context; tests use them. */
export async function createAuth(
  config: AuthConfig,
  log: Logger,
  overrides: Partial<AuthContext> = {},
): Promise<Service> {
  await using resources = new AsyncDisposableStack();
  const onIdleError = (error: Error): void => log.warn({ err: error }, 'database connection lost');
  const url = config.databaseUrl;
  const database = openDatabase({ url, applicationName: name, onIdleError });
  resources.defer(() => database.close());

  const mode = redisMode(name, config.redis);
  const redis = openRedis({ config: config.redis, mode, log });
  resources.defer(() => redis.close());
  const snapshot = new RevocationSnapshot({ database, log });
  resources.defer(() => snapshot.stop());
  redis.addReconciler(revocationReconciler(redis.commands, snapshot));
  redis.addReconciler(failedLoginReconciler(redis.commands, database));

  const mailer = createMailer(config.mail);
  resources.defer(() => mailer.close());
  const context: AuthContext = {
    database,
    mailer,
    passwords: await createPasswords(config.bcryptCost),
    accessTokenSeconds: config.accessTokenSeconds,
    refreshTokenDays: config.refreshTokenDays,
    signAccessToken: accessTokenSigner(config),
    ...overrides,
  };
  await snapshot.start();
  await redis.start();
  resources.defer(startHousekeeping(database, log));

  const ports = createAuthPorts({ redis: redis.commands, database, snapshot, settings: config });
  const { trustedProxies } = config;
  const verifyToken = createTokenVerifier({ secret: config.jwtSecret });
  const readiness = { database: () => database.ping() };
  const parts = { name, log, context, ports, mode, verifyToken, readiness, trustedProxies };
  return createService({ ...parts, routes: authRoutes }, resources.move());
}

function accessTokenSigner(config: AuthConfig): SignAccessToken {
  const sign = createTokenSigner({ secret: config.jwtSecret });
  return (of) => sign({ ...of, lifetimeSeconds: config.accessTokenSeconds });
}

export { type AuthConfig, readAuthConfig } from './config.ts';
export { authRoutes } from './routes/index.ts';
