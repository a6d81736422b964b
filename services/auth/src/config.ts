import { PASSWORD_MIN_LENGTH } from '@secureconnect/contracts';
import { type RedisConfig, redisConfig, redisVariables } from '@secureconnect/redis';
import {
  type CommonConfig,
  ConfigError,
  commonConfig,
  commonVariables,
  flag,
  integer,
  optionalFlag,
  optionalInteger,
  type Parsed,
  port,
  readEnvironment,
  secret,
  text,
} from '@secureconnect/service';
import { type TokenConfig, tokenConfig, tokenVariables } from '@secureconnect/tokens';
import { z } from 'zod';
import { factorSecret } from './factors/factor-secret.ts';
import {
  type OidcConfig,
  oidcConfig,
  providersVariable,
  redirectVariable,
} from './oidc/providers-config.ts';
import {
  originsVariable,
  type RelyingParty,
  relyingParty,
  rpIdVariable,
} from './passkeys/relying-party.ts';
import { type SessionLimits, sessionLimits } from './session-limits.ts';
import {
  type SignInWithoutRedis,
  signInWithoutRedis,
  signInWithoutRedisValues,
} from './sign-in-without-redis.ts';
import { maxAccessTokenSeconds } from './token-lifetimes.ts';

const senderExpected = 'an address, such as Acme <no-reply@example.com>';

const variables = {
  ...commonVariables,
  ...redisVariables,
  ...tokenVariables,
  SIGNING_KEYS_SECRET: secret(32).optional(),
  SIGNING_KEYS_SECRET_PREVIOUS: secret(32).optional(),
  AUTH_PORT: port(8081),
  ENABLE_STATELESS_AUTH: optionalFlag(),
  SIGN_IN_WITHOUT_REDIS: z
    .enum(signInWithoutRedisValues, { error: signInWithoutRedisValues.join(', ') })
    .optional(),
  SIGN_INS_PER_SECOND: integer({ from: 1, to: 10_000, default: 200 }),
  SESSION_IDLE_MINUTES: optionalInteger({ from: 5, to: 525_600 }),
  SESSION_MAX_DAYS: integer({ from: 1, to: 3650, default: 365 }),
  ACCESS_TOKEN_SECONDS: integer({ from: 60, to: maxAccessTokenSeconds, default: 900 }),
  REFRESH_TOKEN_DAYS: integer({ from: 1, to: 365, default: 30 }),
  PASSWORD_MIN_LENGTH: integer({ from: PASSWORD_MIN_LENGTH, to: 64, default: PASSWORD_MIN_LENGTH }),
  BREACHED_PASSWORDS_URL: text('an https:// URL')
    .refine((value) => /^https?:\/\/[^/]/.test(value) && URL.canParse(value), {
      error: 'an https:// URL',
    })
    .optional(),
  BCRYPT_COST: integer({ from: 4, to: 15, default: 10 }),
  SMTP_URL: text('an smtp:// or smtps:// URL with a host')
    .refine((value) => /^smtps?:\/\/[^/]/.test(value) && URL.canParse(value), {
      error: 'an smtp:// or smtps:// URL with a host',
    })
    .optional(),
  MAIL_DIRECTORY: text('a directory').optional(),
  MAIL_FROM: text(senderExpected)
    .refine(isSender, { error: senderExpected })
    .default('SecureConnect <no-reply@localhost>'),
  ACCOUNT_DELETION_GRACE_HOURS: integer({ from: 0, to: 720, default: 0 }),
  OIDC_PROVIDERS: providersVariable,
  OIDC_REDIRECT_URL: redirectVariable,
  PASSKEY_RP_ID: rpIdVariable,
  PASSKEY_ORIGINS: originsVariable,
  ACCOUNT_URL: text('an http:// or https:// URL without a fragment')
    .refine(
      (value) => /^https?:\/\/[^/#]/.test(value) && !value.includes('#') && URL.canParse(value),
      {
        error: 'an http:// or https:// URL without a fragment',
      },
    )
    .optional(),
  REQUIRE_VERIFIED_EMAIL: flag(false),
  FIND_USERS_BY_EMAIL: flag(true),
  FACTOR_SECRET: secret(32).optional(),
  FACTOR_SECRET_PREVIOUS: secret(32).optional(),
};

/** Mail is sent by SMTP, or written to a directory where a developer reads it. */
export type MailConfig =
  | { readonly kind: 'smtp'; readonly url: string; readonly from: string }
  | { readonly kind: 'directory'; readonly path: string; readonly from: string };

/** The settings that select the fallbacks of auth's routes, by the names of their variables. */
export type AuthSettings = { readonly SIGN_IN_WITHOUT_REDIS: SignInWithoutRedis };

export interface AuthConfig extends CommonConfig, TokenConfig {
  readonly port: number;
  readonly redis: RedisConfig;
  readonly settings: AuthSettings;
  /** Decrypt the private keys in SQL; none: tokens are signed by HS256. */
  readonly signingKeysSecrets: readonly string[];
  readonly accessTokenSeconds: number;
  readonly sessionLimits: SessionLimits;
  readonly signInsPerSecond: number;
  readonly bcryptCost: number;
  /** Minimum length of a password that is the only factor. */
  readonly passwordMinLength: number;
  /** Base address of a range API of breached passwords; undefined: none is asked. */
  readonly breachedPasswordsUrl: string | undefined;
  readonly mail: MailConfig;
  /** Hours in which the deletion of an account may be cancelled. */
  readonly deletionGraceHours: number;
  readonly oidc: OidcConfig;
  /** Undefined if passkeys are not set up. */
  readonly relyingParty: RelyingParty | undefined;
  /** The page of the client that handles the links of mails. */
  readonly accountUrl: string | undefined;
  readonly requireVerifiedEmail: boolean;
  readonly findUsersByEmail: boolean;
  /** Encrypts the secrets of authenticator apps. */
  readonly factorSecret: string;
  /** The one before, during a rotation. */
  readonly previousFactorSecret: string | undefined;
}

/** OWASP's password storage advice: bcrypt with a work factor of 10 or more. */
const minProductionCost = 10;

/** Reads auth's environment. Throws a ConfigError that names each wrong variable. */
export function readAuthConfig(environment: NodeJS.ProcessEnv): AuthConfig {
  const values = readEnvironment(variables, environment);
  const common = commonConfig(values);
  if (common.production && values.BCRYPT_COST < minProductionCost) {
    throw new ConfigError(
      `BCRYPT_COST is ${values.BCRYPT_COST}; in production it must be ${minProductionCost} or more.`,
    );
  }
  const breachedUrl = values.BREACHED_PASSWORDS_URL;
  if (common.production && breachedUrl !== undefined && !breachedUrl.startsWith('https://')) {
    throw new ConfigError('BREACHED_PASSWORDS_URL is no https:// URL; in production it must be.');
  }
  return {
    ...common,
    port: values.AUTH_PORT,
    redis: redisConfig(values),
    settings: { SIGN_IN_WITHOUT_REDIS: signInWithoutRedis(values) },
    ...tokenConfig(values),
    signingKeysSecrets: [values.SIGNING_KEYS_SECRET, values.SIGNING_KEYS_SECRET_PREVIOUS].flatMap(
      (value) => value ?? [],
    ),
    accessTokenSeconds: values.ACCESS_TOKEN_SECONDS,
    sessionLimits: sessionLimits(values),
    signInsPerSecond: values.SIGN_INS_PER_SECOND,
    bcryptCost: values.BCRYPT_COST,
    passwordMinLength: values.PASSWORD_MIN_LENGTH,
    breachedPasswordsUrl: breachedUrl,
    mail: mailConfig(values, common.production),
    deletionGraceHours: values.ACCOUNT_DELETION_GRACE_HOURS,
    oidc: oidcConfig(values.OIDC_PROVIDERS, values.OIDC_REDIRECT_URL, common.production),
    relyingParty: relyingParty(values.PASSKEY_RP_ID, values.PASSKEY_ORIGINS, common.production),
    accountUrl: values.ACCOUNT_URL,
    requireVerifiedEmail: values.REQUIRE_VERIFIED_EMAIL,
    findUsersByEmail: values.FIND_USERS_BY_EMAIL,
    factorSecret: factorSecret(values, common.production),
    previousFactorSecret: values.FACTOR_SECRET_PREVIOUS,
  };
}

function mailConfig(values: Parsed<typeof variables>, production: boolean): MailConfig {
  const { SMTP_URL: url, MAIL_DIRECTORY: path, MAIL_FROM: from } = values;
  if (url !== undefined && path !== undefined) {
    throw new ConfigError('Set SMTP_URL or MAIL_DIRECTORY, not both.');
  }
  if (url !== undefined) return { kind: 'smtp', url, from };
  if (path !== undefined && !production) return { kind: 'directory', path, from };
  throw new ConfigError(
    production
      ? 'SMTP_URL is not set; expected an smtp:// or smtps:// URL to mail password resets.'
      : 'SMTP_URL and MAIL_DIRECTORY are not set; set one of them to mail password resets.',
  );
}

/** Whether a text is one address, with or without a name: mail servers refuse others for good. */
function isSender(value: string): boolean {
  const begin = value.endsWith('>') ? value.indexOf('<') : -1;
  const parts = (begin < 0 ? value : value.slice(begin + 1, -1)).split('@');
  return parts.length === 2 && parts.every((part) => /^[^\s<>,]+$/.test(part));
}
