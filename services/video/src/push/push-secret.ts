import { hkdfSync } from 'node:crypto';
import { ConfigError, secret } from '@secureconnect/service';

export const pushSecretVariables = {
  PUSH_SECRET: secret(32).optional(),
  PUSH_SECRET_PREVIOUS: secret(32).optional(),
};

/** Encrypt the push tokens in SQL: the current secret, and the one before during a rotation. */
export interface PushSecrets {
  readonly current: string;
  readonly previous: string | undefined;
}

interface Given {
  readonly PUSH_SECRET: string | undefined;
  readonly PUSH_SECRET_PREVIOUS: string | undefined;
  readonly JWT_SECRET: string;
}

/**
 * Outside of production the secret is derived from JWT_SECRET if it is not set; in production every
 * service has JWT_SECRET, and only video may read the push tokens.
 * @param isNeeded whether any kind of push is set up
 * @throws ConfigError
 */
export function pushSecrets(
  given: Given,
  { production, isNeeded }: { readonly production: boolean; readonly isNeeded: boolean },
): PushSecrets {
  const { PUSH_SECRET: own, PUSH_SECRET_PREVIOUS: previous, JWT_SECRET: jwtSecret } = given;
  if (own !== undefined && own === previous) {
    throw new ConfigError('PUSH_SECRET and PUSH_SECRET_PREVIOUS are the same; remove the latter.');
  }
  if (production && own === jwtSecret) {
    throw new ConfigError('PUSH_SECRET is the same as JWT_SECRET; expected one of its own.');
  }
  if (own !== undefined) return { current: own, previous };
  if (production && isNeeded) {
    throw new ConfigError(
      'PUSH_SECRET is not set; expected at least 32 bytes of your own, such as from ' +
        '"openssl rand -base64 48", to encrypt push tokens.',
    );
  }
  const purpose = 'secureconnect push secret of development';
  const derived = Buffer.from(hkdfSync('sha256', jwtSecret, '', purpose, 32));
  return { current: derived.toString('base64'), previous };
}
