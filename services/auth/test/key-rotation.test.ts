import { createHmac, randomUUID } from 'node:crypto';
import { openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { createTokenSigner } from '@secureconnect/tokens';
import { jwtSecret } from '@secureconnect/tokens/testing';
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
} from 'jose';
import { describe, expect, it } from 'vitest';
import { createKeySealing } from '../src/keys/key-sealing.ts';
import { rotateKeys } from '../src/keys/rotate-keys.ts';
import { smoothRotation } from '../src/stores/signing-keys.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';

const secret = 'a secret that encrypts the keys of the tests';
const settings = { SIGNING_KEYS_SECRET: secret };
/** As a rotation of an operator, in a fraction of its time. */
const soon = { ...smoothRotation, signsAfterSeconds: 7 };

async function rotate(
  auth: TestAuth,
  algorithm: 'EdDSA' | 'RS256',
  times = soon,
  sealedBy = secret,
) {
  const database = openDatabase({ url: auth.databaseUrl, maxConnections: 1 });
  try {
    return await rotateKeys(database, { algorithm, secret: sealedBy, times });
  } finally {
    await database.close();
  }
}

async function tokenOf(auth: TestAuth): Promise<string> {
  const reply = await auth.call('POST', '/v1/auth/register', { body: someone() });
  return String(Reflect.get(Object(reply.body.data), 'access_token'));
}

const me = async (auth: TestAuth, token: string): Promise<number> =>
  (await auth.call('GET', '/v1/users/me', { token })).status;

const keysOf = async (auth: TestAuth): Promise<{ kid: string; alg: string }[]> => {
  const reply = await fetch(`${auth.url}/.well-known/jwks.json`);
  expect(reply.headers.get('cache-control')).toBe('public, max-age=30');
  const body: unknown = await reply.json();
  return Reflect.get(Object(body), 'keys');
};

describe('a rotation of keys', () => {
  it('from HS256 to EdDSA to RS256 fails no request', { timeout: 60_000 }, async () => {
    await using auth = await startAuth(settings);
    await using other = await startAuth(settings, {}, auth);
    const tokens = [await tokenOf(auth)];
    const statuses = new Map<number, number>();
    let isDone = false;
    let newest = tokens[0] ?? '';
    const load = Promise.all(
      [auth, other].map(async (instance) => {
        while (!isDone) {
          for (const token of [...tokens, newest]) {
            const status = await me(instance, token);
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          }
        }
      }),
    );
    for (const algorithm of ['EdDSA', 'RS256'] as const) {
      const rotation = await rotate(auth, algorithm);
      await eventually(
        async () => {
          newest = await tokenOf(auth);
          const header = decodeProtectedHeader(newest);
          expect(header).toMatchObject({ alg: algorithm, kid: rotation?.keyId });
        },
        { timeoutMs: 20_000 },
      );
      tokens.push(newest);
    }
    isDone = true;
    await load;
    expect([...statuses.keys()]).toEqual([200]);
    expect(statuses.get(200)).toBeGreaterThan(100);
    const listed = await keysOf(other);
    expect(listed.map(({ alg }) => alg).sort()).toEqual(['EdDSA', 'RS256']);
    expect(JSON.stringify(listed)).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
    const jwks = createRemoteJWKSet(new URL(`${other.url}/.well-known/jwks.json`));
    for (const token of tokens.slice(1)) {
      await jwtVerify(token, jwks, { issuer: 'secureconnect-auth', audience: 'secureconnect-api' });
    }
    // A service that was down meanwhile learns all keys before its first request.
    await using late = await startAuth({ ...settings, ACCEPT_HS256_TOKENS: 'false' }, {}, auth);
    const [hmac = '', eddsa = '', rsa = ''] = tokens;
    expect([await me(late, eddsa), await me(late, rsa), await me(late, hmac)]).toEqual([
      200, 200, 401,
    ]);
    await refusesForgeries(late, eddsa, listed);
  });

  it('is refused while another one is not finished', async () => {
    await using auth = await startAuth(settings);
    expect(await rotate(auth, 'EdDSA', smoothRotation)).toBeDefined();
    expect(await rotate(auth, 'EdDSA', smoothRotation)).toBeUndefined();
    expect(await rowsOf(auth, 'SELECT kid FROM auth.signing_keys')).toHaveLength(1);
  });
});

/** The key is right in each of these, and the token is not. */
async function refusesForgeries(
  auth: TestAuth,
  token: string,
  keys: readonly object[],
): Promise<void> {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const hmac = (input: string, key: string): string =>
    `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  const forged = [
    `${encode({ ...header, alg: 'none' })}.${payload}.`,
    `${encode({ ...header, alg: 'RS256' })}.${payload}.${signature}`,
    `${encode({ ...header, kid: 'nobody' })}.${payload}.${signature}`,
    `${head}.${encode({ sub: randomUUID() })}.${signature}`,
    // The public key as the secret of an HMAC.
    ...keys.map((key) =>
      hmac(`${encode({ ...header, alg: 'HS256' })}.${payload}`, JSON.stringify(key)),
    ),
  ];
  // Signed by a key that the token itself names.
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const own = { jwk: await exportJWK(publicKey), jku: 'https://example.com/jwks.json' };
  const signing = new SignJWT(decodeJwt(token)).setProtectedHeader({ ...header, ...own });
  forged.push(await signing.sign(privateKey));
  for (const text of forged) expect(await me(auth, text), text).toBe(401);
}

describe('without a key, where HS256 is refused', () => {
  it('no token is signed until one signs', async () => {
    await using auth = await startAuth({ ...settings, ACCEPT_HS256_TOKENS: 'false' });
    const user = someone();
    const refused = await auth.call('POST', '/v1/auth/register', { body: user });
    expect([refused.status, refused.body.error?.message]).toEqual([
      503,
      'Tokens cannot be signed; retry.',
    ]);
    await rotate(auth, 'EdDSA', { ...soon, signsAfterSeconds: -1 });
    const { email, password } = user;
    await eventually(
      async () => {
        const login = await auth.call('POST', '/v1/auth/login', { body: { email, password } });
        expect(login.status, login.text).toBe(200);
      },
      { timeoutMs: 15_000 },
    );
  });
});

describe('the second secret of HS256', () => {
  const renewed = 'a renewed secret of the tests that is long enough';
  const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const sign = createTokenSigner({ secret: jwtSecret });
  const token = (): string =>
    sign({ userId: randomUUID(), sessionId: randomUUID(), role: 'user', lifetimeSeconds: 60 })
      .token;

  it('is accepted until its time', async () => {
    const second = { JWT_SECRET: renewed, JWT_SECRET_PREVIOUS: jwtSecret };
    await using auth = await startAuth({ ...second, JWT_SECRET_PREVIOUS_UNTIL: inMs(60_000) });
    // The token is good; its user does not exist.
    expect(await me(auth, token())).toBe(404);
    await using later = await startAuth(
      { ...second, JWT_SECRET_PREVIOUS_UNTIL: inMs(-1) },
      {},
      auth,
    );
    expect(await me(later, token())).toBe(401);
  });

  it('repeats a refresh whose first reply was lost by an instance with the other secret', async () => {
    await using old = await startAuth();
    const second = { JWT_SECRET: renewed, JWT_SECRET_PREVIOUS: jwtSecret };
    const until = { JWT_SECRET_PREVIOUS_UNTIL: inMs(60_000) };
    await using rotated = await startAuth({ ...second, ...until }, {}, old);
    const registered = await old.call('POST', '/v1/auth/register', { body: someone() });
    const refresh_token = Reflect.get(Object(registered.body.data), 'refresh_token');
    const refresh = async (auth: TestAuth): Promise<unknown> => {
      const reply = await auth.call('POST', '/v1/auth/refresh', { body: { refresh_token } });
      expect(reply.status, reply.text).toBe(200);
      return Reflect.get(Object(reply.body.data), 'refresh_token');
    };
    const first = await refresh(old);
    expect(await refresh(rotated)).toBe(first);
  });

  it('needs a time', async () => {
    await expect(startAuth({ JWT_SECRET_PREVIOUS: renewed })).rejects.toThrow('Set both');
  });
});

describe('a stored private key', () => {
  it('opens with its own secret and id alone', () => {
    const sealing = createKeySealing(secret);
    const sealed = sealing.seal('one', Buffer.from('private'));
    expect(sealing.open('one', sealed).toString()).toBe('private');
    expect(() => sealing.open('other', sealed)).toThrow();
    expect(() => createKeySealing(`${secret}!`).open('one', sealed)).toThrow();
    const changed = Buffer.from(sealed);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(() => sealing.open('one', changed)).toThrow();
  });

  it('opens with the secret before its rotation, too', async () => {
    await using auth = await startAuth(settings);
    await rotate(auth, 'EdDSA', { ...soon, signsAfterSeconds: -1 });
    const renewed = { SIGNING_KEYS_SECRET: `${secret} renewed` };
    await using other = await startAuth(renewed, {}, auth);
    const both = { ...renewed, SIGNING_KEYS_SECRET_PREVIOUS: secret };
    await using rotated = await startAuth(both, {}, auth);
    const statusOf = async (instance: TestAuth): Promise<number> =>
      (await instance.call('POST', '/v1/auth/register', { body: someone() })).status;
    expect([await statusOf(other), await statusOf(rotated)]).toEqual([503, 201]);
    expect(decodeProtectedHeader(await tokenOf(rotated)).alg).toBe('EdDSA');
    expect(other.logLines.join('')).toContain('no SIGNING_KEYS_SECRET decrypts the key');
    // A key that signs no more need not be opened.
    await rotate(auth, 'EdDSA', { ...soon, signsAfterSeconds: 0 }, renewed.SIGNING_KEYS_SECRET);
    await eventually(async () => expect(await statusOf(other)).toBe(201), { timeoutMs: 15_000 });
  });

  it('that cannot be opened is not replaced by the shared secret', async () => {
    await using auth = await startAuth(settings);
    await rotate(auth, 'EdDSA', { ...soon, signsAfterSeconds: -1 });
    await using without = await startAuth({}, {}, auth);
    const reply = await without.call('POST', '/v1/auth/register', { body: someone() });
    expect(reply.status).toBe(503);
    expect(without.logLines.join('')).toContain('SIGNING_KEYS_SECRET is not set');
  });
});
