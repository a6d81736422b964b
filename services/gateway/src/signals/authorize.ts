import type { IncomingMessage } from 'node:http';
import { bearerToken, secretTest, unauthorized } from '@secureconnect/service';
import type { SignalsAuth } from './signals-config.ts';

/** Checks that a request may deliver or read signals. Throws UNAUTHORIZED. */
export type AuthorizeSignals = (request: IncomingMessage) => void;

/** Checks the bearer token in constant time, or nothing if the check is off. */
export function createAuthorize(auth: SignalsAuth): AuthorizeSignals {
  if (auth.kind !== 'token') return () => undefined;
  const isToken = auth.token === undefined ? undefined : secretTest(auth.token);
  return (request) => {
    const given = bearerToken(request);
    if (given === undefined) {
      throw unauthorized('Send "Authorization: Bearer <SIGNALS_TOKEN>".');
    }
    if (isToken === undefined)
      throw unauthorized('This gateway has no SIGNALS_TOKEN; ask its operator to set it.');
    if (!isToken(given)) {
      throw unauthorized('This token is not valid.', { event: 'signals_token_wrong' });
    }
  };
}
