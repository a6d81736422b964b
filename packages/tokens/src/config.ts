import { ConfigError, flag, type Parsed, secret, text } from '@secureconnect/service';
import type { KeySet } from './keys/verification-keys.ts';
import type { TokenKeys } from './keys/verify-jws.ts';

/** The variables of every service that reads tokens. */
export const tokenVariables = {
  JWT_SECRET: secret(32),
  JWT_SECRET_PREVIOUS: secret(32).optional(),
  JWT_SECRET_PREVIOUS_UNTIL: text('an RFC 3339 time')
    .refine((value) => /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)), {
      error: 'an RFC 3339 time',
    })
    .optional(),
  ACCEPT_HS256_TOKENS: flag(true),
};

/** How a service verifies tokens. */
export interface TokenConfig {
  readonly jwtSecret: string;
  readonly previousJwtSecret: TokenKeys['previous'];
  readonly acceptHs256Tokens: boolean;
}

/** @throws ConfigError if only one of the two variables of the second secret is set */
export function tokenConfig(values: Parsed<typeof tokenVariables>): TokenConfig {
  const { JWT_SECRET_PREVIOUS: second, JWT_SECRET_PREVIOUS_UNTIL: until } = values;
  if ((second === undefined) !== (until === undefined)) {
    throw new ConfigError(
      'Set both JWT_SECRET_PREVIOUS and JWT_SECRET_PREVIOUS_UNTIL, or neither: a second secret ends.',
    );
  }
  return {
    jwtSecret: values.JWT_SECRET,
    previousJwtSecret:
      second === undefined || until === undefined
        ? undefined
        : { secret: second, untilMs: Date.parse(until) },
    acceptHs256Tokens: values.ACCEPT_HS256_TOKENS,
  };
}

/** What a service verifies tokens with. */
export function tokenKeysOf(config: TokenConfig, keySet: KeySet): TokenKeys {
  return {
    secret: config.jwtSecret,
    previous: config.previousJwtSecret,
    acceptHs256: config.acceptHs256Tokens,
    keySet,
  };
}
