import { createHmac, hkdfSync, randomInt } from 'node:crypto';
import { VERIFICATION_CODE_DIGITS } from '@secureconnect/contracts';

/** Random digits, leading zeros included. */
export function newVerificationCode(): string {
  return String(randomInt(10 ** VERIFICATION_CODE_DIGITS)).padStart(VERIFICATION_CODE_DIGITS, '0');
}

/** Hashes the code of a mail, which is identified by the hash of its token. */
export type CodeHash = (tokenHash: Buffer, code: string) => Buffer;

/**
 * A keyed hash: eight digits could be found from a plain one by a reader of the table. After a
 * change of the secret, links that were mailed before still work, and codes do not.
 */
export function codeHashOf(jwtSecret: string): CodeHash {
  const key = Buffer.from(hkdfSync('sha256', jwtSecret, '', 'secureconnect verification code', 32));
  return (tokenHash, code) => createHmac('sha256', key).update(tokenHash).update(code).digest();
}
