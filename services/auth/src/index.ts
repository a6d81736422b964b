import { keyNoticesBus } from '@secureconnect/contracts';
import { startOutbox } from '@secureconnect/outbox';
import { Hub, RedisBus } from '@secureconnect/realtime';
import {
  counter,
  createMetrics,
  createService,
  type Logger,
  type RoleCheck,
  type Service,
  type ServiceMetrics,
} from '@secureconnect/service';
import {
  createKeySigner,
  createKeyTicketSigner,
  type SignToken,
  startExporting,
} from '@secureconnect/tokens';
import { openServiceConnections } from '@secureconnect/tokens/service-connections';
import { startAuditSealer } from './audit/audit-sealer.ts';
import type { AuthConfig } from './config.ts';
import type { AuthContext, SignAccessToken } from './context.ts';
import { startFinishingExports } from './data-export/finish-exports.ts';
import { startDeletions } from './deletion/finish-deletions.ts';
import { codeHashOf } from './email/verification-code.ts';
import { endedSessionsReconciler } from './ended-sessions-reconciler.ts';
import { createFactorKeys } from './factors/factor-keys.ts';
import { startReencryption } from './factors/reencrypt-factors.ts';
import { yieldProcessors } from './hashing/yield-processors.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createKeySealing } from './keys/key-sealing.ts';
import { startSigningKeys } from './keys/signing-keys.ts';
import { LoginAttempts } from './login-attempts.ts';
import { createMailer } from './mail/create-mailer.ts';
import { outboxSchema } from './mail/mail-effect.ts';
import { mailHandler } from './mail/mail-handler.ts';
import { breachedPasswordsApi, noBreachedPasswords } from './new-passwords/breached-passwords.ts';
import { createNewPasswords, type NewPasswords } from './new-passwords/new-passwords.ts';
import { createOidcClients } from './oidc/oidc-clients.ts';
import { passkeySettings } from './passkeys/challenges.ts';
import { createPasswords } from './passwords.ts';
import { createAuthPorts } from './ports.ts';
import { refreshTokenChain } from './refresh-token.ts';
import { authRoutes } from './routes/index.ts';
import { SignInGate } from './sign-in-gate.ts';
import { hasRole } from './stores/admin-users.ts';
import { accountLists } from './stores/exported-data.ts';

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
  const connections = openServiceConnections({ name, config, log, resources, metrics, settings });
  const { database, mode, redis, snapshot, verifyToken } = connections;

  const mailer = createMailer(config.mail);
  resources.defer(() => mailer.close());
  const { signingKeysSecrets, acceptHs256Tokens: acceptHs256 } = config;
  const [keysSecret, previousKeysSecret] = signingKeysSecrets;
  const sealing =
    keysSecret === undefined ? undefined : createKeySealing(keysSecret, previousKeysSecret);
  const signingKeys = await startSigningKeys({
    ...{ database, log, sealing, acceptHs256, metrics, resources },
  });
  const signing = { secret: config.jwtSecret, currentKey: () => signingKeys.current() };
  const signToken = createKeySigner(signing);
  const codeHash = codeHashOf(config.jwtSecret);
  const passwords = await createPasswords({ cost: config.bcryptCost, metrics });
  yieldProcessors(log);
  const context: AuthContext = {
    database,
    mailer,
    oidc: createOidcClients(config.oidc),
    passkeys: passkeySettings(config.relyingParty, config.jwtSecret),
    deletionGraceHours: config.deletionGraceHours,
    passwords,
    newPasswords: newPasswordsOf(config, log, metrics),
    loginAttempts: new LoginAttempts(database),
    isDegraded: () => !mode.isAvailable(),
    sessionLimits: config.sessionLimits,
    ...signInGates(config, metrics),
    signAccessToken: accessTokenSigner(config, signToken),
    nextRefreshToken: refreshTokenChain(config.jwtSecret),
    formerNextRefreshToken:
      config.previousJwtSecret && refreshTokenChain(config.previousJwtSecret.secret),
    signSocketTicket: createKeyTicketSigner(signing),
    publicKeys: () => connections.verificationKeys.all(),
    codeHash,
    factorKeys: createFactorKeys(config.factorSecret, config.previousFactorSecret),
    requireVerifiedEmail: config.requireVerifiedEmail,
    findUsersByEmail: config.findUsersByEmail,
    ...overrides,
  };
  const ports = createAuthPorts({
    redis: redis.commands,
    database,
    snapshot,
    settings: { ...config, signToken },
    bus: new RedisBus({ redis, hub: new Hub(), name: keyNoticesBus, log }),
  });
  await connections.start([
    endedSessionsReconciler({ mode, database, sessions: ports.sessions.redis }),
  ]);
  resources.defer(startHousekeeping(database, log));
  if (config.previousFactorSecret !== undefined) {
    resources.defer(startReencryption({ ...context, log, metrics }));
  }
  const { accountUrl, mail } = config;
  const mails = mailHandler({
    database,
    mailer: context.mailer,
    from: mail.from,
    smtpUrl: mail.kind === 'smtp' ? mail.url : undefined,
    codeHash,
    accountUrl,
  });
  resources.defer(startDeletions({ database, log, metrics }));
  const listsOf = (userId: string) => accountLists(database, userId);
  resources.defer(startExporting({ database, log, part: 'account', listsOf }));
  resources.defer(startFinishingExports({ database, log, metrics }));
  resources.defer(startOutbox({ database, schema: outboxSchema, handlers: [mails], log, metrics }));
  resources.defer(startAuditSealer({ database, metrics, log }));

  const { trustedProxies } = config;
  const readiness = { database: () => database.ping() };
  const served = { ...connections.drills, ports, mode, verifyToken, readiness, trustedProxies };
  const parts = { name, log, context, ...served };
  const { jwtSecret: logSecret } = config;
  const isInRole: RoleCheck = ({ userId }, role) => hasRole(database, userId, role);
  return createService(
    { ...parts, hasRole: isInRole, logSecret, routes: authRoutes },
    resources.move(),
    metrics,
  );
}

function newPasswordsOf(config: AuthConfig, log: Logger, metrics: ServiceMetrics): NewPasswords {
  const { breachedPasswordsUrl: url, passwordMinLength: minLength } = config;
  const breached =
    url === undefined ? noBreachedPasswords : breachedPasswordsApi({ url, log, metrics });
  return createNewPasswords({ minLength, breached });
}

function accessTokenSigner(config: AuthConfig, sign: SignToken): SignAccessToken {
  return ({ sessionEndsAtMs, ...of }) => {
    const leftSeconds = Math.max(1, Math.floor((sessionEndsAtMs - of.issuedAtMs) / 1000));
    return sign({ ...of, lifetimeSeconds: Math.min(config.accessTokenSeconds, leftSeconds) });
  };
}

/** Refreshes cost no password hash, and all clients need them at once after an outage. */
const refreshesPerSignIn = 10;

function signInGates(
  { signInsPerSecond }: AuthConfig,
  metrics: ServiceMetrics,
): Pick<AuthContext, 'signInGate' | 'refreshGate'> {
  const refused = counter(metrics, {
    name: 'auth_sign_ins_refused_total',
    help: 'Requests refused before anything was asked of SQL, because too many came at once',
    labelNames: ['kind'],
  });
  const gate = (kind: string, perSecond: number): SignInGate =>
    new SignInGate({ perSecond, onRefused: () => refused.inc({ kind }) });
  return {
    signInGate: gate('sign_in', signInsPerSecond),
    refreshGate: gate('refresh', signInsPerSecond * refreshesPerSignIn),
  };
}

export { type AuthConfig, readAuthConfig } from './config.ts';
export { authRoutes } from './routes/index.ts';
