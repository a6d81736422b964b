import type { Logger } from '@secureconnect/service';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type ServerMetadata,
} from 'openid-client';
import { clockToleranceSeconds } from '../token-lifetimes.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { derivedFrom, type FlowSecrets } from './flow-secrets.ts';
import { providerError } from './provider-error.ts';
import type { ProviderConfig } from './providers-config.ts';

/** A person as the provider vouches for them. */
export interface ProviderIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly name: string | undefined;
}

/** One provider. Both methods throw ApiError: UNAUTHORIZED, or SERVICE_UNAVAILABLE. */
export interface OidcClient {
  readonly provider: ProviderConfig;
  /** The address that a browser is sent to. */
  authorizationUrl(flow: FlowSecrets, log: Logger): Promise<string>;
  /** Exchanges the reply that a browser brought back. Never call it inside a transaction. */
  identityOf(callbackUrl: URL, flow: FlowSecrets, log: Logger): Promise<ProviderIdentity>;
}

export interface OidcClientOptions {
  readonly provider: ProviderConfig;
  readonly redirectUrl: string;
  /** Maximum duration of all requests of one exchange. Default 8000: the gateway waits for 15 s. */
  readonly maxExchangeMs?: number;
  readonly now?: () => number;
}

const defaultExchangeMs = 8000;
/** Providers change their endpoints rarely; keys are read again for each sign-in. */
const metadataKeptMs = 600_000;
const scope = 'openid email profile';

/** Discovers the provider when it is first needed, and then at most every ten minutes. */
export function createOidcClient(options: OidcClientOptions): OidcClient {
  const { provider, redirectUrl, maxExchangeMs = defaultExchangeMs, now = Date.now } = options;
  let known: { readonly metadata: ServerMetadata; readonly untilMs: number } | undefined;

  const metadata = async (deadline: AbortSignal): Promise<ServerMetadata> => {
    if (known !== undefined && now() < known.untilMs) return known.metadata;
    const found = await discover(provider, deadline);
    known = { metadata: found, untilMs: now() + metadataKeptMs };
    return found;
  };

  /** A configuration of its own for each use: it keeps keys, and a rotated key must be found. */
  const configured = async (): Promise<Configuration> => {
    const deadline = AbortSignal.timeout(maxExchangeMs);
    return configuration(await metadata(deadline), provider, deadline);
  };

  return {
    provider,
    async authorizationUrl(flow, log) {
      const { codeVerifier, nonce } = derivedFrom(flow.secret);
      try {
        const url = buildAuthorizationUrl(await configured(), {
          redirect_uri: redirectUrl,
          scope,
          state: flow.state,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        });
        return url.href;
      } catch (error) {
        throw providerError(error, provider.name, log);
      }
    },
    async identityOf(callbackUrl, flow, log) {
      try {
        return await exchange(await configured(), ownUrl(redirectUrl, callbackUrl), flow);
      } catch (error) {
        throw providerError(error, provider.name, log);
      }
    },
  };
}

async function discover(provider: ProviderConfig, deadline: AbortSignal): Promise<ServerMetadata> {
  const found = await discovery(new URL(provider.issuer), provider.clientId, undefined, undefined, {
    execute: isHttp(provider) ? [allowInsecureRequests] : [],
    [customFetch]: boundedFetch(deadline),
  });
  return found.serverMetadata();
}

function configuration(
  metadata: ServerMetadata,
  provider: ProviderConfig,
  deadline: AbortSignal,
): Configuration {
  const made = new Configuration(metadata, provider.clientId, {
    client_secret: provider.clientSecret,
    [clockTolerance]: clockToleranceSeconds,
  });
  made[customFetch] = boundedFetch(deadline);
  if (isHttp(provider)) allowInsecureRequests(made);
  enableNonRepudiationChecks(made);
  return made;
}

async function exchange(
  configured: Configuration,
  callbackUrl: URL,
  { state, secret }: FlowSecrets,
): Promise<ProviderIdentity> {
  const { codeVerifier: pkceCodeVerifier, nonce: expectedNonce } = derivedFrom(secret);
  const tokens = await authorizationCodeGrant(configured, callbackUrl, {
    pkceCodeVerifier,
    expectedNonce,
    expectedState: state,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('openid-client returned no ID token');
  const more =
    claims['email'] === undefined && configured.serverMetadata().userinfo_endpoint !== undefined
      ? await fetchUserInfo(configured, tokens.access_token, claims.sub)
      : claims;
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: textOf(more['email']),
    emailVerified: more['email_verified'] === true,
    name: textOf(more['name']),
  };
}

/** The registered address with the parameters that came back: nothing else of it is believed. */
function ownUrl(redirectUrl: string, callbackUrl: URL): URL {
  const url = new URL(redirectUrl);
  url.search = callbackUrl.search;
  return url;
}

function isHttp({ issuer }: ProviderConfig): boolean {
  return new URL(issuer).protocol === 'http:';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
