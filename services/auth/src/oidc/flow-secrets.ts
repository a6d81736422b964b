import { createHmac } from 'node:crypto';
import { hashOf, newSecret } from '../secrets.ts';

/** What begins a sign-in at a provider: `state` goes there and comes back, `secret` stays. */
export interface FlowSecrets {
  readonly state: string;
  readonly secret: string;
}

export function newFlowSecrets(): FlowSecrets {
  return { state: newSecret(), secret: newSecret() };
}

/**
 * The PKCE verifier and the nonce of a flow. Derived from the secret in the browser, so that SQL has
 * only hashes, and a code is worth nothing without that browser.
 */
export function derivedFrom(secret: string): { codeVerifier: string; nonce: string } {
  const derive = (label: string): string =>
    createHmac('sha256', secret).update(label).digest('base64url');
  return { codeVerifier: derive('oidc pkce verifier'), nonce: derive('oidc nonce') };
}

export function hashesOf({ state, secret }: FlowSecrets): {
  stateHash: Buffer;
  secretHash: Buffer;
} {
  return { stateHash: hashOf(state), secretHash: hashOf(secret) };
}
