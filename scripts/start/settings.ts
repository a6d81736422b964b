import { join, resolve } from 'node:path';
import { ConfigError, integer, readEnvironment, text } from '@secureconnect/service/environment';
import type { ServiceSpec } from './service-spec.ts';

export interface Service extends ServiceSpec {
  readonly port: number;
}

export interface Settings {
  /** Whether nothing may be embedded, generated or installed. */
  readonly production: boolean;
  readonly dataDir: string;
  readonly services: readonly Service[];
  /** Values from the environment; the starter provides those that are undefined. */
  readonly databaseUrl: string | undefined;
  readonly redis: string | undefined;
  readonly jwtSecret: string | undefined;
  readonly factorSecret: string | undefined;
  readonly signalsToken: string | undefined;
  readonly storageDirectory: string | undefined;
  /** The endpoint of the S3 that stores files. */
  readonly s3: string | undefined;
  /** A mail server, or a directory for mails. */
  readonly mail: string | undefined;
  /** Origins of pages that may call the services, and what the console's pages may reach. */
  readonly corsOrigins: string | undefined;
  readonly connectOrigins: string | undefined;
  /** The domain of passkeys, or the origins where they are used. */
  readonly passkeys: string | undefined;
}

const named = text('any text').optional();
const variables = {
  NODE_ENV: named,
  SECURECONNECT_DATA_DIR: named,
  DATABASE_URL: named,
  REDIS_URL: named,
  REDIS_SENTINELS: named,
  REDIS_CLUSTER: named,
  JWT_SECRET: named,
  FACTOR_SECRET: named,
  SIGNALS_TOKEN: named,
  STORAGE_DIRECTORY: named,
  S3_ENDPOINT: named,
  SMTP_URL: named,
  MAIL_DIRECTORY: named,
  CORS_ORIGINS: named,
  CONSOLE_CONNECT_ORIGINS: named,
  PASSKEY_RP_ID: named,
  PASSKEY_ORIGINS: named,
};

/**
 * Reads the starter's settings. The services check the values that they use.
 * @throws ConfigError naming every wrong port, or every variable that production lacks.
 */
export function readSettings(
  environment: NodeJS.ProcessEnv,
  specs: readonly ServiceSpec[],
  root: string,
): Settings {
  const given = readEnvironment(variables, environment);
  const settings: Settings = {
    production: given.NODE_ENV === 'production',
    dataDir: resolve(given.SECURECONNECT_DATA_DIR ?? join(root, '.data')),
    services: withPorts(environment, specs),
    databaseUrl: given.DATABASE_URL,
    redis: given.REDIS_URL ?? given.REDIS_SENTINELS ?? given.REDIS_CLUSTER,
    jwtSecret: given.JWT_SECRET,
    factorSecret: given.FACTOR_SECRET,
    signalsToken: given.SIGNALS_TOKEN,
    storageDirectory: given.STORAGE_DIRECTORY,
    s3: given.S3_ENDPOINT,
    mail: given.SMTP_URL ?? given.MAIL_DIRECTORY,
    corsOrigins: given.CORS_ORIGINS,
    connectOrigins: given.CONSOLE_CONNECT_ORIGINS,
    passkeys: given.PASSKEY_RP_ID ?? given.PASSKEY_ORIGINS,
  };
  if (settings.production) requireAll(settings);
  return settings;
}

function withPorts(environment: NodeJS.ProcessEnv, specs: readonly ServiceSpec[]): Service[] {
  const ports = readEnvironment(
    Object.fromEntries(
      specs.map(({ portVariable, defaultPort }) => [
        portVariable,
        integer({ from: 1, to: 65_535, default: defaultPort }),
      ]),
    ),
    environment,
  );
  const services = specs.map((spec) => ({ ...spec, port: ports[spec.portVariable] ?? 0 }));
  for (const [index, { port, portVariable }] of services.entries()) {
    const other = services.slice(0, index).find((earlier) => earlier.port === port);
    if (other === undefined) continue;
    throw new ConfigError(
      `${other.portVariable} and ${portVariable} are both ${port}; set a different port for each.`,
    );
  }
  return services;
}

function requireAll(settings: Settings): void {
  const needed = {
    DATABASE_URL: settings.databaseUrl,
    'REDIS_URL (or REDIS_SENTINELS with REDIS_MASTER_NAME, or REDIS_CLUSTER)': settings.redis,
    JWT_SECRET: settings.jwtSecret,
    FACTOR_SECRET: settings.factorSecret,
    SIGNALS_TOKEN: settings.signalsToken,
    'STORAGE_DIRECTORY (or S3_ENDPOINT)': settings.storageDirectory ?? settings.s3,
    SMTP_URL: settings.mail,
  };
  const missing = Object.entries(needed).filter(([, value]) => value === undefined);
  if (missing.length === 0) return;
  throw new ConfigError(
    'In production nothing is embedded, generated or installed. Not set: ' +
      `${missing.map(([name]) => name).join(', ')}.`,
  );
}
