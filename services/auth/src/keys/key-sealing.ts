import { createSealing, type Sealing } from '@secureconnect/service';

/**
 * Encrypts the private keys of tokens; the owner is the id of the key.
 *
 * @param secret the setting SIGNING_KEYS_SECRET
 * @param previousSecret the one before, during a rotation: it only opens
 */
export function createKeySealing(secret: string, previousSecret?: string): Sealing {
  const setting = 'SIGNING_KEYS_SECRET';
  const what = 'the key';
  return createSealing({ purpose: 'signing keys', what, setting, secret, previousSecret });
}
