import { ProviderId } from '@secureconnect/contracts';
import { ConfigError } from '@secureconnect/service';
import { z } from 'zod';

/** An OpenID provider that users can sign in with. */
export interface ProviderConfig {
  readonly id: string;
  /** As shown to users. */
  readonly name: string;
  /** Exactly as the provider writes it in its metadata and tokens. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whether a sign-in there stands for both factors: the provider asks for its own. */
  readonly trustedForSecondFactor: boolean;
  /**
   * Domains, in lower case, whose addresses this provider may vouch for: a sign-in with a verified
   * address there is linked to the account that has verified the same address.
   */
  readonly linkDomains: readonly string[];
}

export interface OidcConfig {
  readonly providers: readonly ProviderConfig[];
  /** The page of the client that providers send browsers back to. */
  readonly redirectUrl: string;
}

const maxProviders = 20;
const httpUrl = (value: string): boolean =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

const Domain = z
  .string()
  .max(253)
  .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, 'expected a domain in lower case, such as acme.example');

const Provider = z.strictObject({
  id: ProviderId,
  name: z.string().trim().min(1).max(100),
  issuer: z.string().max(2048).refine(httpUrl, { error: 'expected an https URL' }),
  client_id: z.string().min(1).max(512),
  client_secret: z.string().min(1).max(2048),
  second_factor: z.enum(['ask', 'trusted']).default('ask'),
  link_domains: z.array(Domain).max(100).default([]),
});

/** OIDC_PROVIDERS: a JSON list. Parsed here, so that the environment is wrong or complete. */
export const providersVariable = z
  .string()
  .default('[]')
  .transform((value, context): ProviderConfig[] => {
    const parsed = z.array(Provider).max(maxProviders).safeParse(readJson(value));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue === undefined ? '' : `; ${issue.path.join('.')}: ${issue.message}`;
      context.addIssue({
        code: 'custom',
        message: `a JSON list of {"id", "name", "issuer", "client_id", "client_secret"}${where}`,
      });
      return z.NEVER;
    }
    return parsed.data.map(({ second_factor: second, ...rest }) => ({
      id: rest.id,
      name: rest.name,
      issuer: rest.issuer,
      clientId: rest.client_id,
      clientSecret: rest.client_secret,
      trustedForSecondFactor: second === 'trusted',
      linkDomains: rest.link_domains,
    }));
  });

export const redirectVariable = z
  .string()
  .refine(httpUrl, { error: 'the https URL of the page that providers send browsers back to' })
  .optional();

/** Throws a ConfigError for settings that contradict each other. */
export function oidcConfig(
  providers: readonly ProviderConfig[],
  redirectUrl: string | undefined,
  production: boolean,
): OidcConfig {
  if (providers.length === 0) return { providers, redirectUrl: redirectUrl ?? '' };
  if (redirectUrl === undefined) {
    throw new ConfigError(
      'OIDC_REDIRECT_URL is not set; expected the page that providers send browsers back to.',
    );
  }
  for (const key of ['id', 'issuer'] as const) {
    if (new Set(providers.map((one) => one[key])).size < providers.length) {
      throw new ConfigError(`OIDC_PROVIDERS has two providers with the same ${key}.`);
    }
  }
  const insecure = [redirectUrl, ...providers.map(({ issuer }) => issuer)].find((url) =>
    url.startsWith('http:'),
  );
  if (production && insecure !== undefined) {
    throw new ConfigError(
      `OIDC_PROVIDERS and OIDC_REDIRECT_URL must use https in production; found ${insecure}.`,
    );
  }
  return { providers, redirectUrl };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not a list: the schema reports it.
  }
}
