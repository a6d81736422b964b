import { auth } from '@secureconnect/contracts/endpoints';
import { replied } from '@secureconnect/service';
import { keyTimes } from '@secureconnect/tokens';
import { route } from './route.ts';

const maxAge = keyTimes.jwksMaxAgeSeconds;

export const getJwks = route(auth.getJwks, {}, async ({ context, outgoing }) => {
  const keys = context.publicKeys().map(({ publicJwk }) => publicJwk);
  outgoing.setHeader('Cache-Control', `public, max-age=${maxAge}`);
  outgoing.setHeader('Content-Type', 'application/jwk-set+json');
  outgoing.end(JSON.stringify({ keys }));
  return replied;
});
