import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { bearerToken, unauthorized } from '@secureconnect/service';
import type { SignalsAuth } from './signals-config.ts';

/** Whether a request may deliver or read signals. Throws UNAUTHORIZED. */
export type AuthorizeSignals = (request: IncomingMessage) => void;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Checks the bearer token, in a time that says nothing about it, or nothing where that is off. */
export function createAuthorize(auth: SignalsAuth): AuthorizeSignals {
  if (auth.kind !== 'token') return () => undefined;
  const expected = auth.token === undefined ? undefined : digest(auth.token);
  return (request) => {
    const given = bearerToken(request, false);
    if (given === undefined) {
      throw unauthorized('Send "Authorization: Bearer <SIGNALS_TOKEN>".');
    }
    if (expected === undefined) throw unauthorized('SIGNALS_TOKEN is not set here.');
    if (!timingSafeEqual(digest(given), expected)) throw unauthorized('This token is not valid.');
  };
}
