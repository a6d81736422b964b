import { hkdfSync } from 'node:crypto';
import { ConfigError } from '@secureconnect/service';

interface Given {
  readonly FACTOR_SECRET: string | undefined;
  readonly FACTOR_SECRET_PREVIOUS: string | undefined;
  readonly JWT_SECRET: string;
}

/**
 * The secret that encrypts second factors. Outside of production it is derived from JWT_SECRET if it
 * is not set; in production every service has JWT_SECRET, and only auth may read the factors.
 * @throws ConfigError
 */
export function factorSecret(given: Given, production: boolean): string {
  const { FACTOR_SECRET: own, FACTOR_SECRET_PREVIOUS: previous, JWT_SECRET: jwtSecret } = given;
  if (own !== undefined && own === previous) {
    throw new ConfigError(
      'FACTOR_SECRET and FACTOR_SECRET_PREVIOUS are the same; remove the latter.',
    );
  }
  if (production && own === jwtSecret) {
    throw new ConfigError('FACTOR_SECRET is the same as JWT_SECRET; expected one of its own.');
  }
  if (own !== undefined) return own;
  if (production) {
    throw new ConfigError(
      'FACTOR_SECRET is not set; expected at least 32 bytes of your own, such as from ' +
        '"openssl rand -base64 48", to encrypt second factors.',
    );
  }
  const purpose = 'secureconnect factor secret of development';
  return Buffer.from(hkdfSync('sha256', jwtSecret, '', purpose, 32)).toString('base64');
}
