import { importPKCS8, SignJWT } from 'jose';
import type { ApnsConfig } from './apns-config.ts';

/** Apple refuses tokens over an hour old, and new ones within 20 minutes. */
const renewedAfterMs = 40 * 60_000;

/** The token by which Apple knows the sender. */
export class ProviderToken {
  readonly #config: ApnsConfig;
  readonly #now: () => number;
  #held: Promise<string> | undefined;
  #signedAtMs = Number.NEGATIVE_INFINITY;

  /** @param now in milliseconds, of any origin */
  constructor(config: ApnsConfig, now: () => number = () => performance.now()) {
    this.#config = config;
    this.#now = now;
  }

  get(): Promise<string> {
    const now = this.#now();
    if (this.#held === undefined || now - this.#signedAtMs > renewedAfterMs) {
      this.#signedAtMs = now;
      this.#held = this.#sign();
    }
    return this.#held;
  }

  /** Apple finds this token too old: its clock is different. */
  forget(): void {
    this.#held = undefined;
  }

  async #sign(): Promise<string> {
    const { privateKeyPem, keyId, teamId } = this.#config;
    const key = await importPKCS8(privateKeyPem, 'ES256');
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setIssuedAt()
      .sign(key);
  }
}
