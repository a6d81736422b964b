import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { ApiError, TokenExpired } from '@secureconnect/service';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { createTokenSigner, createTokenVerifier, tokenVariables } from './index.ts';
import { signingKey } from './key.ts';

const secret = 'a secret of the tests that is long enough';
const sign = createTokenSigner({ secret });
const verify = createTokenVerifier({ secret });
const identity = { userId: randomUUID(), sessionId: randomUUID(), role: 'user' };
const good = sign({ ...identity, lifetimeSeconds: 60 });

const claims = () => ({
  sub: identity.userId,
  sid: identity.sessionId,
  jti: randomUUID(),
  role: 'user',
  iss: 'secureconnect-auth',
  aud: 'secureconnect-api',
  exp: Math.floor(Date.now() / 1000) + 60,
});
type Claims = Record<string, unknown>;

/** A token with any claims and options, signed rightly. */
const signed = (payload: Claims, options: jwt.SignOptions = {}, key = secret) =>
  jwt.sign(payload, key, { algorithm: 'HS256', keyid: signingKey(secret).id, ...options });

const without = (name: string): Claims => {
  const { [name]: _left, ...rest }: Claims = claims();
  return rest;
};

const refusalOf = (token: string): ApiError => {
  try {
    verify(token);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error(`this token was accepted: ${token}`);
};

describe('a token that was signed here', () => {
  it('says who it speaks for, and until when', () => {
    const before = Date.now();
    const { token, tokenId, expiresInSeconds } = sign({ ...identity, lifetimeSeconds: 60 });
    expect(expiresInSeconds).toBe(60);
    const seen = verify(token);
    const { issuedAtMs, expiresAtMs } = seen;
    expect(seen).toEqual({ ...identity, tokenId, degraded: false, issuedAtMs, expiresAtMs });
    expect(expiresAtMs - issuedAtMs).toBe(60_000);
    expect(Math.abs(seen.expiresAtMs - before - 60_000)).toBeLessThan(5000);
    expect(sign({ ...identity, lifetimeSeconds: 60 }).tokenId).not.toBe(tokenId);
  });

  it('carries deg only where it was given out without Redis', () => {
    const degraded = sign({ ...identity, lifetimeSeconds: 60, degraded: true });
    expect(verify(degraded.token).degraded).toBe(true);
    expect(jwt.decode(degraded.token)).toHaveProperty('deg', true);
    expect(jwt.decode(good.token)).not.toHaveProperty('deg');
  });

  it('is one that the tests’ own signing makes too', () => {
    expect(verify(signed(claims())).userId).toBe(identity.userId);
  });
});

describe('a token is refused', () => {
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = { alg: 'HS256', typ: 'JWT', kid: signingKey(secret).id };
  const hmac = (input: string): string => {
    const signature = createHmac('sha256', secret).update(input).digest('base64url');
    return `${input}.${signature}`;
  };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = () => Math.floor(Date.now() / 1000);

  it.each<[string, () => string]>([
    ['of algorithm none', () => `${encode({ ...header, alg: 'none' })}.${encode(claims())}.`],
    ['of no signature', () => `${good.token.split('.').slice(0, 2).join('.')}.`],
    ['of another secret', () => signed(claims(), {}, `${secret}!`)],
    ['of another kid', () => signed(claims(), { keyid: 'another' })],
    ['of no kid', () => jwt.sign(claims(), secret, { algorithm: 'HS256' })],
    ['of HS512', () => signed(claims(), { algorithm: 'HS512' })],
    [
      'of RS256',
      () => jwt.sign(claims(), privateKey, { algorithm: 'RS256', keyid: signingKey(secret).id }),
    ],
    [
      'that calls an HMAC RS256',
      () => hmac(`${encode({ ...header, alg: 'RS256' })}.${encode(claims())}`),
    ],
    ['that is not valid yet', () => signed({ ...claims(), nbf: now() + 60 })],
    ['for another audience', () => signed({ ...claims(), aud: 'another' })],
    ['for several audiences', () => signed({ ...claims(), aud: ['secureconnect-api', 'another'] })],
    ['of another issuer', () => signed({ ...claims(), iss: 'another' })],
    ['whose user is no UUID', () => signed({ ...claims(), sub: 'me' })],
    ['whose deg is not true', () => signed({ ...claims(), deg: 1 })],
    [
      'whose end is no number',
      () => hmac(`${encode(header)}.${encode({ ...claims(), exp: 'x' })}`),
    ],
    ['whose payload is null', () => hmac(`${encode(header)}.${encode(null)}`)],
    ['whose payload is a list', () => hmac(`${encode(header)}.${encode([claims()])}`)],
    ['whose payload is no JSON', () => hmac(`${encode(header)}.bm90IEpTT04`)],
    ['whose payload is unsigned and no JSON', () => `${encode(header)}.bm90IEpTT04.c2ln`],
    ['that is very large', () => `${good.token}${'x'.repeat(1_000_000)}`],
    ['that is empty', () => ''],
  ])('%s', (_what, token) => {
    const refusal = refusalOf(token());
    expect([refusal.code, refusal.message]).toEqual([
      'UNAUTHORIZED',
      'This is not a valid access token.',
    ]);
  });

  it.each(['sub', 'sid', 'jti', 'role', 'iss', 'aud', 'exp'])('that lacks %s', (name) => {
    expect(refusalOf(signed(without(name))).code).toBe('UNAUTHORIZED');
  });

  it('that has expired, in words of its own, and with whose it was', () => {
    const refusal = refusalOf(signed({ ...claims(), exp: now() - 1 }));
    expect(refusal).toBeInstanceOf(TokenExpired);
    expect(refusal).toMatchObject({ userId: identity.userId, code: 'UNAUTHORIZED' });
    expect(refusal.message).toContain('has expired');
    expect(refusal.options.headers).toHaveProperty('WWW-Authenticate');
    expect(refusalOf(signed({ ...claims(), exp: now() }))).toBeInstanceOf(TokenExpired);
  });

  it.each<[string, () => string]>([
    ['another secret', () => signed({ ...claims(), exp: now() - 1 }, {}, `${secret}!`)],
    ['another audience', () => signed({ ...claims(), exp: now() - 1, aud: 'another' })],
    ['another kid', () => signed({ ...claims(), exp: now() - 1 }, { keyid: 'another' })],
  ])('that has expired and has %s says nothing of anybody', (_what, token) => {
    expect(refusalOf(token())).not.toBeInstanceOf(TokenExpired);
  });

  it('whatever its bytes are', () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.constantFrom(...good.token.split('.')),
    );
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
      fc.tuple(part, part).map(([first, second]) => hmac(`${first}.${second}`)),
    );
    fc.assert(
      fc.property(anything, (token) => {
        fc.pre(!token.startsWith(good.token.split('.').slice(0, 2).join('.')));
        expect(refusalOf(token).status).toBe(401);
      }),
      { numRuns: 2000 },
    );
  });

  it('when a single character of it is another', () => {
    const index = fc.nat({ max: good.token.length - 1 });
    const character = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-');
    fc.assert(
      fc.property(index, character, (at, other) => {
        const changed = good.token.slice(0, at) + other + good.token.slice(at + 1);
        // The last character of a signature has two bits that encode nothing.
        fc.pre(changed !== good.token && at < good.token.length - 1);
        expect(refusalOf(changed).status).toBe(401);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the secret', () => {
  it('has an id that tells nothing of it and is the same in every process', () => {
    const { id } = signingKey(secret);
    expect(signingKey(secret).id).toBe(id);
    expect(signingKey(`${secret}!`).id).not.toBe(id);
    expect(secret).not.toContain(id);
  });

  it('must have 32 bytes', () => {
    expect(tokenVariables.JWT_SECRET.safeParse('x'.repeat(31)).success).toBe(false);
    expect(tokenVariables.JWT_SECRET.safeParse('x'.repeat(32)).success).toBe(true);
  });
});
