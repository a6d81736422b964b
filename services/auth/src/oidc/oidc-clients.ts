import { createOidcClient, type OidcClient } from './oidc-client.ts';
import type { OidcConfig } from './providers-config.ts';

/** The configured providers by their ids, in the order of the configuration. */
export type OidcClients = ReadonlyMap<string, OidcClient>;

/** Nothing is asked of the providers yet: one that is down must not keep the service from starting. */
export function createOidcClients({ providers, redirectUrl }: OidcConfig): OidcClients {
  return new Map(
    providers.map((provider) => [provider.id, createOidcClient({ provider, redirectUrl })]),
  );
}
