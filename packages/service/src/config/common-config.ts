import { isIP } from 'node:net';
import { z } from 'zod';
import { list, type Parsed, text } from './environment.ts';

/** The values of LOG_LEVEL. */
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Addresses, CIDR ranges, or Express's names for ranges. */
export function proxies(otherwise: string) {
  return list(otherwise).refine((ranges) => ranges.every(isProxyRange), {
    error: 'addresses, ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
  });
}

/** The variables of every service. */
export const commonVariables = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'], { error: 'development, test or production' })
    .default('development'),
  LOG_LEVEL: z.enum(logLevels, { error: logLevels.join(', ') }).default('info'),
  DATABASE_URL: text('a postgresql:// URL').refine(
    (value) => /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value),
    { error: 'a postgresql:// URL' },
  ),
  TRUSTED_PROXIES: proxies('loopback,linklocal,uniquelocal'),
};

/** What Express accepts as `trust proxy`; it throws on anything else when the app is created. */
function isProxyRange(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128);
}

export interface CommonConfig {
  readonly production: boolean;
  readonly logLevel: (typeof logLevels)[number];
  readonly databaseUrl: string;
  /** Addresses, CIDR ranges or Express's names for them, whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
}

export function commonConfig(environment: Parsed<typeof commonVariables>): CommonConfig {
  return {
    production: environment.NODE_ENV === 'production',
    logLevel: environment.LOG_LEVEL,
    databaseUrl: environment.DATABASE_URL,
    trustedProxies: environment.TRUSTED_PROXIES,
  };
}
