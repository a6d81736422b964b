import { ConfigError } from '@secureconnect/service';

/**
 * What sign-in does while Redis is down: refuses; gives short tokens that cannot be refreshed; or
 * keeps sessions in SQL alone (docs/adr/0024). The first one is the default.
 */
export const signInWithoutRedisValues = ['refuse', 'stateless', 'durable'] as const;
export type SignInWithoutRedis = (typeof signInWithoutRedisValues)[number];

interface Given {
  readonly SIGN_IN_WITHOUT_REDIS: SignInWithoutRedis | undefined;
  /** The older name: true means `stateless`. */
  readonly ENABLE_STATELESS_AUTH: boolean | undefined;
}

/** Combines the two variables. Throws a ConfigError if they contradict each other. */
export function signInWithoutRedis({
  SIGN_IN_WITHOUT_REDIS: chosen,
  ENABLE_STATELESS_AUTH: stateless,
}: Given): SignInWithoutRedis {
  if (chosen === undefined) return stateless === true ? 'stateless' : 'refuse';
  // `false` is in published examples, and says nothing about `durable`.
  const agrees = stateless === undefined || stateless === (chosen === 'stateless');
  if (agrees) return chosen;
  throw new ConfigError(
    `ENABLE_STATELESS_AUTH is ${stateless}, but SIGN_IN_WITHOUT_REDIS is ${chosen}; ` +
      'remove ENABLE_STATELESS_AUTH, which SIGN_IN_WITHOUT_REDIS replaces.',
  );
}
