import { createHmac } from 'node:crypto';
import bcrypt from 'bcrypt';

/** Marks the hashes of this scheme; a hash without a mark is of bcrypt over the password itself. */
const mark = '$v1';
const maxUnmarkedBytes = 72;

/**
 * Not a secret: it keeps our digests apart from those of other products, so that digests stolen
 * there cannot be tried here as if they were passwords ("password shucking").
 */
const domain = 'secureconnect password v1';

/**
 * Hashes a password of any length: `$v1` and bcrypt over base64(HMAC-SHA-384(NFKC(password))). The
 * digest has 64 characters: bcrypt reads 72 bytes, and stops at a NUL. NFKC makes the same text from
 * the same keys on all systems.
 */
export async function hashPassword(password: string, cost: number): Promise<string> {
  return mark + (await bcrypt.hash(digestOf(password), cost));
}

/** Whether a password has this hash, of the current or of an older scheme. */
export async function matchesHash(password: string, stored: string): Promise<boolean> {
  if (!stored.startsWith(mark)) {
    const equal = await bcrypt.compare(password, stored);
    // bcrypt ignores what follows, and the passwords of that scheme were no longer than this.
    return equal && Buffer.byteLength(password) <= maxUnmarkedBytes;
  }
  return bcrypt.compare(digestOf(password), stored.slice(mark.length));
}

/** Whether a hash is of the current scheme and of at least this cost. */
export function isCurrentHash(stored: string, cost: number): boolean {
  return stored.startsWith(mark) && bcrypt.getRounds(stored.slice(mark.length)) >= cost;
}

function digestOf(password: string): string {
  return createHmac('sha384', domain).update(password.normalize('NFKC')).digest('base64');
}
