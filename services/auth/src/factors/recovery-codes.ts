import { createHash, randomInt } from 'node:crypto';
import { RECOVERY_CODE_LENGTH, RECOVERY_CODES } from '@secureconnect/contracts';

/** Base32 (RFC 4648): no digit looks like a letter. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** New recovery codes of 120 random bits each, without the dashes that they are shown with. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    Array.from({ length: RECOVERY_CODE_LENGTH }, () => alphabet[randomInt(alphabet.length)]).join(
      '',
    ),
  );
}

/** A recovery code as it is shown, in groups of four. */
export function shownRecoveryCode(code: string): string {
  return code.match(/.{4}/g)?.join('-') ?? code;
}

/** A fast hash suffices from 112 random bits (OWASP ASVS 5.0, 6.5.2): nobody can try them all. */
export function recoveryCodeHash(userId: string, code: string): Buffer {
  return createHash('sha256').update(`recovery code ${userId} ${code}`).digest();
}
