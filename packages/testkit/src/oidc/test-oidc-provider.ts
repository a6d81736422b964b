import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { freePort } from '@secureconnect/embedded';
import type { JWK, Provider } from 'oidc-provider';

/** What the provider knows of a person who signs in there. */
export interface ProviderPerson {
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
}

/** How the provider fails; the paths are those of the requests that are concerned. */
export type ProviderFault =
  | { readonly kind: 'none' }
  /** Connections are reset. */
  | { readonly kind: 'away' }
  /** Requests for these paths are never answered. */
  | { readonly kind: 'frozen'; readonly paths: RegExp }
  /** Requests for these paths are answered with this status and text. */
  | {
      readonly kind: 'answering';
      readonly paths: RegExp;
      readonly status: number;
      readonly text: string;
    };

/** A real OpenID provider on loopback. A request that logs in names its person by `login_hint`. */
export interface TestOidcProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUrl: string;
  /** The variables of a service whose users sign in here as at "acme". */
  readonly environment: Readonly<Record<'OIDC_PROVIDERS' | 'OIDC_REDIRECT_URL', string>>;
  /** Persons by their ids; an unknown id gets a verified address at example.com. */
  readonly persons: Map<string, ProviderPerson>;
  /** Number of requests so far for each path. */
  readonly requests: ReadonlyMap<string, number>;
  fault: ProviderFault;
  /** How far the clock behind its ID tokens is ahead, in seconds. */
  clockAheadSeconds: number;
  /** Replaces its signing key. */
  rotateKey(): void;
}

/** The person who says no. */
export const refusingPerson = 'refuses';

/** The provider itself, and the key of its ID tokens. */
interface Made {
  readonly provider: Provider;
  readonly key: SigningKey;
}

interface SigningKey {
  readonly jwk: JWK;
  readonly privateKey: KeyObject;
}

/** Starts a provider with one confidential client. */
export async function testOidcProvider(
  redirectUrl = 'http://127.0.0.1/signed-in',
): Promise<TestOidcProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const clientId = 'secureconnect';
  const clientSecret = `client-${randomUUID()}`;
  const persons = new Map<string, ProviderPerson>();
  const requests = new Map<string, number>();
  // Made when it is first asked: most tests that start one sign nobody in there.
  let made: Promise<Made> | undefined;
  const create = async (): Promise<Made> => {
    const { default: OidcProvider } = await import('oidc-provider');
    const key = newKey();
    const provider = new OidcProvider(issuer, {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [redirectUrl],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      jwks: { keys: [key.jwk] },
      cookies: { keys: ['of the tests'] },
      // Seconds; the defaults are written to the console.
      // A code lives 60 s by default; some tests prepare one long before they send it.
      ttl: {
        ...{ AuthorizationCode: 600, Interaction: 600, Grant: 600 },
        ...{ Session: 600, AccessToken: 600, IdToken: 600 },
      },
      features: { devInteractions: { enabled: false } },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => {
          const { email, emailVerified, name } = persons.get(id) ?? someoneCalled(id);
          return { sub: id, email, email_verified: emailVerified, name };
        },
      }),
      async loadExistingGrant(context) {
        const { session, client } = context.oidc;
        const accountId = session?.accountId;
        if (accountId === undefined || client === undefined) return undefined;
        const grant = new provider.Grant({ accountId, clientId: client.clientId });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
    provider.use(async (context, next) => {
      await next();
      const { body } = context as { body: unknown };
      if (self.clockAheadSeconds === 0 || !hasIdToken(body)) return;
      context.body = { ...body, id_token: shifted(body.id_token, self.clockAheadSeconds, key) };
    });
    return { provider, key };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', issuer).pathname;
    requests.set(path, (requests.get(path) ?? 0) + 1);
    const { fault } = self;
    if (fault.kind === 'away') return void request.socket.destroy();
    if (fault.kind === 'frozen' && fault.paths.test(path)) return;
    if (fault.kind === 'answering' && fault.paths.test(path)) {
      response.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.text);
      return;
    }
    made ??= create();
    const { provider } = await made;
    if (!path.startsWith('/interaction/')) return provider.callback()(request, response);
    const { params } = await provider.interactionDetails(request, response);
    const accountId = String(params['login_hint'] ?? '');
    const result =
      accountId === refusingPerson
        ? { error: 'access_denied', error_description: 'The person said no.' }
        : { login: { accountId } };
    await provider.interactionFinished(request, response, result);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  const self: TestOidcProvider = {
    issuer,
    clientId,
    clientSecret,
    redirectUrl,
    environment: {
      OIDC_REDIRECT_URL: redirectUrl,
      OIDC_PROVIDERS: JSON.stringify([
        { id: 'acme', name: 'Acme', issuer, client_id: clientId, client_secret: clientSecret },
      ]),
    },
    persons,
    requests,
    fault: { kind: 'none' },
    clockAheadSeconds: 0,
    rotateKey() {
      made = create();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
  return self;
}

function someoneCalled(id: string): ProviderPerson {
  return { email: `${id}@example.com`, emailVerified: true, name: id };
}

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = {
    ...privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    alg: 'RS256',
    use: 'sig',
  };
  return { jwk: jwk as JWK, privateKey };
}

function hasIdToken(body: unknown): body is { readonly id_token: string } {
  return typeof body === 'object' && body !== null && 'id_token' in body;
}

/** The same ID token as by a clock that is ahead. */
function shifted(idToken: string, seconds: number, { privateKey }: SigningKey): string {
  const [header = '', payload = ''] = idToken.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const moved = { ...claims, iat: claims.iat + seconds, exp: claims.exp + seconds };
  const signed = `${header}.${Buffer.from(JSON.stringify(moved)).toString('base64url')}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

const maxRedirects = 10;

/** Follows an authorization as a browser does; returns the last redirect. */
export async function authorizeAs(person: string, authorizationUrl: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(authorizationUrl);
  const { origin } = url;
  url.searchParams.set('login_hint', person);
  for (let redirects = 0; redirects < maxRedirects; redirects += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const one of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      cookies.set(name, value);
    }
    const location = reply.headers.get('location');
    if (location === null)
      throw new Error(`${url} answered ${reply.status}: ${await reply.text()}`);
    url = new URL(location, url);
    if (url.origin !== origin) return url;
  }
  throw new Error('the provider redirects forever');
}
