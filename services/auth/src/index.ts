import { startOutbox } from '@secureconnect/outbox';
import { createMetrics, createService, type Logger, type Service } from '@secureconnect/service';
import { createTicketSigner, createTokenSigner } from '@secureconnect/tokens';
import { openBackends } from '@secureconnect/tokens/backends';
import { startAuditSealer } from './audit/audit-sealer.ts';
import type { AuthConfig } from './config.ts';
import type { AuthContext, SignAccessToken } from './context.ts';
import { startHousekeeping } from './housekeeping.ts';
import { LoginAttempts } from './login-attempts.ts';
import { createMailer } from './mail/create-mailer.ts';
import { outboxSchema } from './mail/mail-effect.ts';
import { mailHandler } from './mail/mail-handler.ts';
import { createOidcClients } from './oidc/oidc-clients.ts';
import { createPasswords } from './passwords.ts';
import { createAuthPorts } from './ports.ts';
import { refreshTokenChain } from './refresh-token.ts';
import { authRoutes } from './routes/index.ts';

const name = 'auth-service';

/** Builds the auth service. `overrides` replace parts of the context; tests use them. */
export async function createAuth(
  config: AuthConfig,
  log: Logger,
  overrides: Partial<AuthContext> = {},
): Promise<Service> {
  await using resources = new AsyncDisposableStack();
  const metrics = createMetrics();
  const { settings } = config;
  const backends = openBackends({ name, config, log, resources, metrics, settings });
  const { database, mode, redis, snapshot, verifyToken } = backends;

  const mailer = createMailer(config.mail);
  resources.defer(() => mailer.close());
  const context: AuthContext = {
    database,
    mailer,
    oidc: createOidcClients(config.oidc),
    passwords: await createPasswords({ cost: config.bcryptCost, metrics }),
    loginAttempts: new LoginAttempts(database),
    isDegraded: () => !mode.isAvailable(),
    refreshTokenDays: config.refreshTokenDays,
    signAccessToken: accessTokenSigner(config),
    nextRefreshToken: refreshTokenChain(config.jwtSecret),
    signSocketTicket: createTicketSigner({ secret: config.jwtSecret }),
    ...overrides,
  };
  await backends.start();
  resources.defer(startHousekeeping(database, log));
  const mails = mailHandler({ database, mailer: context.mailer, from: config.mail.from });
  resources.defer(startOutbox({ database, schema: outboxSchema, handlers: [mails], log, metrics }));
  resources.defer(startAuditSealer({ database, metrics, log }));

  const ports = createAuthPorts({ redis: redis.commands, database, snapshot, settings: config });
  const { trustedProxies } = config;
  const readiness = { database: () => database.ping() };
  const parts = { name, log, context, ports, mode, verifyToken, readiness, trustedProxies };
  const { jwtSecret: logSecret } = config;
  return createService({ ...parts, logSecret, routes: authRoutes }, resources.move(), metrics);
}

function accessTokenSigner(config: AuthConfig): SignAccessToken {
  const sign = createTokenSigner({ secret: config.jwtSecret });
  return (of) => sign({ ...of, lifetimeSeconds: config.accessTokenSeconds });
}

export { type AuthConfig, readAuthConfig } from './config.ts';
export { authRoutes } from './routes/index.ts';
