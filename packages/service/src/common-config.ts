import { z } from 'zod';
import { list, type Parsed, text } from './environment.ts';

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The variables of every service. */
export const commonVariables = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'], { error: 'development, test or production' })
    .default('development'),
  LOG_LEVEL: z.enum(levels, { error: levels.join(', ') }).default('info'),
  DATABASE_URL: text('a postgresql:// URL').regex(/^postgres(ql)?:\/\//, {
    error: 'a postgresql:// URL',
  }),
  TRUSTED_PROXIES: list('loopback,linklocal,uniquelocal'),
};

export interface CommonConfig {
  readonly production: boolean;
  readonly logLevel: (typeof levels)[number];
  readonly databaseUrl: string;
  /** Addresses, CIDR ranges or Express's names for them, whose X-Forwarded-For is believed. */
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
