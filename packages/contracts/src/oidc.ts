import { z } from 'zod';
import { DeviceName, Timestamp, text, Uuid } from './primitives.ts';

/** The id of a provider in the configuration: a short word in an address. */
export const ProviderId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected the id of a provider')
  .meta({ examples: ['acme'] });

/** Reply of `GET /v1/auth/oidc/providers`. */
export const OidcProviders = z
  .object({
    providers: z
      .array(z.object({ provider: ProviderId, name: z.string().meta({ examples: ['Acme Inc.'] }) }))
      .max(20),
  })
  .meta({ id: 'OidcProviders' });

/** Body of `POST /v1/auth/oidc/start` and `POST /v1/users/me/identities/start`. */
export const OidcStart = z.object({ provider: ProviderId });

/** Maximum time that a user may take at the provider, in seconds. */
export const OIDC_FLOW_SECONDS = 600;

const secretMeta = { examples: ['Zk3vQ9mT1xYb7LwN5sHcR2uJ8dPgA4eFoI6tKyVnM0q'] };

/**
 * Where to send the browser. `browser_secret` stays in the browser that began and finishes what it
 * began; it is not part of any address.
 */
export const OidcStarted = z
  .object({
    authorization_url: z
      .string()
      .meta({ examples: ['https://login.acme.example/auth?client_id=secureconnect&state=Zk3vQ9'] }),
    browser_secret: z.string().meta(secretMeta),
    expires_in: z
      .int()
      .min(1)
      .max(OIDC_FLOW_SECONDS)
      .meta({ examples: [OIDC_FLOW_SECONDS] }),
  })
  .meta({ id: 'OidcStarted' });

/** Maximum length of the address that a provider sends a browser back to. */
const maxUrlLength = 4096;

/** Body of `POST /v1/users/me/identities/finish`. */
export const OidcFinish = z.object({
  browser_secret: text(1, 128).meta(secretMeta),
  /** The whole address that the provider sent the browser to. */
  callback_url: text(1, maxUrlLength)
    .refine((value) => URL.canParse(value), { error: 'expected the address with its query' })
    .meta({
      examples: [
        'https://app.example.com/signed-in?code=a1b2&state=Zk3vQ9&iss=https://login.acme.example',
      ],
    }),
});
export type OidcFinish = z.infer<typeof OidcFinish>;

/** Body of `POST /v1/auth/oidc/finish`. */
export const OidcSignIn = OidcFinish.extend({ device_name: DeviceName.exactOptional() });

/** A sign-in at a provider that opens this account. */
export const LinkedIdentity = z
  .object({
    identity_id: Uuid,
    provider: ProviderId,
    linked_at: Timestamp,
    last_used_at: Timestamp,
  })
  .meta({ id: 'LinkedIdentity' });
export type LinkedIdentity = z.infer<typeof LinkedIdentity>;

/** Maximum linked sign-ins of a user. */
export const MAX_LINKED_IDENTITIES = 20;

/** Reply of `GET /v1/users/me/identities`. */
export const LinkedIdentities = z
  .object({ identities: z.array(LinkedIdentity).max(MAX_LINKED_IDENTITIES) })
  .meta({ id: 'LinkedIdentities' });

/** Reply of `DELETE /v1/users/me/identities/:identity_id`. */
export const IdentityUnlinked = z.object({ unlinked: z.literal(true) });

/** Path parameters of `/v1/users/me/identities/:identity_id`. */
export const IdentityParams = z.object({ identity_id: Uuid });
