import { z } from 'zod';
import { defaultLimit, endpoint } from '../../endpoint.ts';

const Jwk = z
  .looseObject({ kid: z.string(), kty: z.string(), alg: z.string(), use: z.literal('sig') })
  .meta({
    examples: [
      {
        kid: 'Gq1Yx0pZJv8cT4mB2nKdRsLhWfEuA6oC3iNtP5yXQ7k',
        kty: 'OKP',
        crv: 'Ed25519',
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        alg: 'EdDSA',
        use: 'sig',
      },
    ],
  });

/** RFC 7517, 5. */
const JwkSet = z.object({ keys: z.array(Jwk) });

export const getJwks = endpoint({
  route: 'GET /.well-known/jwks.json',
  id: 'getJwks',
  action: 'public keys',
  tag: 'Sign-in',
  summary: 'Get the public keys that verify access tokens (JWKS)',
  description:
    'Empty while tokens are signed by a shared secret (HS256). A new key is listed 150 s before it signs; replaced keys are listed until their last token has ended.',
  auth: 'none',
  otherReplies: {
    200: {
      description: 'The keys. May be kept for the time in Cache-Control.',
      mediaType: 'application/jwk-set+json',
      schema: JwkSet,
    },
  },
  errors: ['SERVICE_UNAVAILABLE'],
  limit: { ...defaultLimit, countedBy: 'address' },
});
