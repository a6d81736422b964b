import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import { post } from '../bounded-request.ts';
import type { FcmConfig } from './fcm-config.ts';

const scope = 'https://www.googleapis.com/auth/firebase.messaging';
const assertionSeconds = 3600;
/** A token is renewed this long before it ends. */
const renewedBeforeMs = 300_000;
/** The deadline of one request for a token, which any number of pushes wait for. */
const timeoutMs = 10_000;

const Reply = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** The token service gave no token. */
export class NoAccessToken extends Error {
  override readonly name = 'NoAccessToken';
  readonly code: string;

  constructor(status: number) {
    super(`the token service answered ${status}`);
    this.code = `FCM_TOKEN_${status}`;
  }
}

interface Held {
  readonly token: string;
  /** By `performance.now()`. */
  readonly renewAtMs: number;
}

/** The access token of a service account, by OAuth 2.0 for server-to-server applications. */
export class AccessToken {
  readonly #config: FcmConfig;
  #held: Held | undefined;
  #pending: Promise<Held> | undefined;

  constructor(config: FcmConfig) {
    this.#config = config;
  }

  /** A token that is good for some minutes. Concurrent callers share one request. */
  async get(): Promise<string> {
    if (this.#held !== undefined && performance.now() < this.#held.renewAtMs) {
      return this.#held.token;
    }
    this.#pending ??= this.#request().finally(() => {
      this.#pending = undefined;
    });
    this.#held = await this.#pending;
    return this.#held.token;
  }

  /** The service does not accept this token any more. */
  forget(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  async #request(): Promise<Held> {
    const startedAt = performance.now();
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await this.#assertion(),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const request = { url: this.#config.tokenUrl, headers, body: body.toString() };
    const { status, text } = await post(request, AbortSignal.timeout(timeoutMs));
    const reply = status === 200 ? parsed(text) : undefined;
    if (reply === undefined) throw new NoAccessToken(status);
    const lifetimeMs = Math.max(reply.expires_in * 1000 - renewedBeforeMs, 1000);
    return { token: reply.access_token, renewAtMs: startedAt + lifetimeMs };
  }

  async #assertion(): Promise<string> {
    const { privateKeyPem, keyId, clientEmail, tokenUrl } = this.#config;
    const key = await importPKCS8(privateKeyPem, 'RS256');
    return new SignJWT({ scope })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: keyId })
      .setIssuer(clientEmail)
      .setAudience(tokenUrl)
      .setIssuedAt()
      .setExpirationTime(`${assertionSeconds} s`)
      .sign(key);
  }
}

function parsed(text: string): z.infer<typeof Reply> | undefined {
  try {
    return Reply.parse(JSON.parse(text));
  } catch {
    return undefined; // the error would quote the token
  }
}
