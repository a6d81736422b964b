import { createSealing } from '@secureconnect/service';
import { z } from 'zod';
import type { ProviderIdentity } from './oidc-client.ts';

const Stored = z.object({
  issuer: z.string(),
  subject: z.string(),
  email: z.string().optional(),
  emailVerified: z.boolean(),
  name: z.string().optional(),
});

/** Seals what a provider said of a person by the secret that only the browser of the flow has. */
export function identitySealing(secret: string) {
  const sealing = createSealing({
    purpose: 'identity of a sign-in',
    what: 'the identity',
    setting: 'browser_secret',
    secret,
  });
  return {
    seal: (state: string, identity: ProviderIdentity): Buffer =>
      sealing.seal(state, Buffer.from(JSON.stringify(identity))),
    open(state: string, sealed: Buffer): ProviderIdentity {
      const { email, name, ...known } = Stored.parse(
        JSON.parse(sealing.open(state, sealed).toString()),
      );
      return { ...known, email, name };
    },
  };
}
