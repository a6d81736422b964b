import { OidcStarted } from '@secureconnect/contracts';
import { authorizeAs, type Reply } from '@secureconnect/testkit';
import { expect } from 'vitest';
import type { z } from 'zod';
import type { TestAuth } from './harness.ts';

type Auth = Pick<TestAuth, 'call'>;

/** Begins a sign-in at the provider, or with a token at a path to link one. */
export async function begin(
  auth: Auth,
  path = '/v1/auth/oidc/start',
  token?: string,
): Promise<z.infer<typeof OidcStarted>> {
  const request = { body: { provider: 'acme' }, ...(token === undefined ? {} : { token }) };
  const reply = await auth.call('POST', path, request);
  expect(reply.status, reply.text).toBe(201);
  return OidcStarted.parse(reply.body.data);
}

/** Begins, and goes to the provider and back; the body that finishes. */
export async function comeBack(auth: Auth, person: string, path?: string, token?: string) {
  const begun = await begin(auth, path, token);
  const callback = await authorizeAs(person, begun.authorization_url);
  return { browser_secret: begun.browser_secret, callback_url: callback.href };
}

export function finish(auth: Auth, body: object): Promise<Reply> {
  return auth.call('POST', '/v1/auth/oidc/finish', { body });
}
