import { generateSecret, generateURI, verify } from 'otplib';

const issuer = 'SecureConnect';
/** RFC 6238, 5.2: one past step, for the time that typing takes; none of the future. */
const tolerance: [past: number, future: number] = [30, 0];

/** A new secret of 160 bits in base32 (RFC 4226, 4). */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/** The address that authenticator apps read from a QR code. */
export function totpUri(secret: string, email: string): string {
  return generateURI({ issuer, label: email, secret });
}

/**
 * The 30-second step (RFC 6238) that a code belongs to: the current one or the one before; undefined
 * for a wrong code. The caller must accept each step once.
 * @param code six digits; otplib throws for anything else
 */
export async function stepOfCode(secret: string, code: string): Promise<number | undefined> {
  const checked = await verify({ secret, token: code, epochTolerance: tolerance });
  return checked.valid && 'timeStep' in checked ? checked.timeStep : undefined;
}
