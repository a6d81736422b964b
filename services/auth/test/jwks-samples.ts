import type { auth } from '@secureconnect/contracts/endpoints';
import type { SamplesOf } from '@secureconnect/testkit';

/** A request for the public keys. */
export const jwksSamples: SamplesOf<Pick<typeof auth, 'getJwks'>> = {
  'GET /.well-known/jwks.json': {
    status: 200,
    prepare: async () => ({ path: '/.well-known/jwks.json' }),
  },
};
