import type { KeyObject } from 'node:crypto';
import { unauthorized } from '@secureconnect/service';
import { errors, jwtVerify } from 'jose';
import jwt from 'jsonwebtoken';
import { issuer } from '../claims.ts';
import { signingKey } from '../key.ts';
import type { KeySet, VerificationKey } from './verification-keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** What signatures of tokens are verified with. */
export interface TokenKeys {
  /** The secret of HS256. */
  readonly secret: string;
  /** A second secret during a rotation, and until when it is accepted, in Unix milliseconds. */
  readonly previous?: { readonly secret: string; readonly untilMs: number } | undefined;
  /** False if tokens of HS256 are refused, so that only auth can sign. Default true. */
  readonly acceptHs256?: boolean;
  /** The public keys of auth. Default: none. */
  readonly keySet?: KeySet;
}

/** Without public keys nothing is waited for. */
export type SecretsOnly = TokenKeys & { readonly keySet?: never };

/**
 * Verifies algorithm, key, signature, issuer and audience, and reads the claims; the caller checks
 * the time. A promise only for EdDSA.
 */
export type VerifyJws<Claims> = (token: string) => Claims | Promise<Claims>;

/** What is checked of every token. */
export interface Checks {
  readonly audience: string;
  /** The reason is never told: it would help nobody else. */
  readonly refusal: () => Error;
}

export interface JwsVerifierOptions<Claims> extends Checks {
  /** Reads the payload; throws a refusal. */
  readonly read: (payload: unknown) => Claims;
  /** Maximum claims that are kept; 0 for tokens that are used once. Default 10,000. */
  readonly maxRemembered?: number;
}

/**
 * A key verifies its own algorithm alone: the header's is compared with the key's and never chooses
 * how a key is used. So a public key cannot serve as the secret of an HMAC.
 */
export function createJwsVerifier<Claims extends object>(
  keys: TokenKeys,
  { maxRemembered, read, ...checks }: JwsVerifierOptions<Claims>,
): VerifyJws<Claims> {
  const { refusal } = checks;
  const secrets = [
    { ...signingKey(keys.secret), untilMs: Number.POSITIVE_INFINITY },
    ...(keys.previous === undefined
      ? []
      : [{ ...signingKey(keys.previous.secret), untilMs: keys.previous.untilMs }]),
  ];
  const verified = new VerifiedTokens<Claims>(maxRemembered);
  const remembered = (token: string, payload: unknown): Claims => {
    const claims = read(payload);
    verified.add(token, claims);
    return claims;
  };
  const headerOf = rememberedHeaders();
  return (token) => {
    const { alg, kid } = headerOf(token) ?? {};
    if (typeof kid !== 'string') throw refusal();
    if (alg === 'HS256') {
      const found = secrets.find(({ id }) => id === kid);
      const isAccepted = keys.acceptHs256 !== false && found && found.untilMs > Date.now();
      if (!isAccepted) throw refusal();
      return verified.get(token) ?? remembered(token, verifiedNow(token, alg, found.key, checks));
    }
    if (alg !== 'EdDSA' && alg !== 'RS256') throw refusal();
    const found = keys.keySet?.find(kid);
    if (found === undefined || found.algorithm !== alg) throw refusal();
    const known = verified.get(token);
    if (known !== undefined) return known;
    return alg === 'RS256'
      ? remembered(token, verifiedNow(token, alg, found.key, checks))
      : verifiedLater(token, found, checks).then((payload) => remembered(token, payload));
  };
}

interface Header {
  readonly alg?: unknown;
  readonly kid?: unknown;
}

/** All tokens of a key have the same header. */
const maxHeaders = 100;
const maxHeaderLength = 256;

/** Reads the header of a token, of which each text is parsed once. */
function rememberedHeaders(): (token: string) => Header | undefined {
  const known = new Map<string, Header>();
  return (token) => {
    const encoded = token.slice(0, token.indexOf('.'));
    const seen = known.get(encoded);
    if (seen !== undefined) return seen;
    const header = parsedHeader(encoded);
    if (header === undefined || encoded.length > maxHeaderLength) return header;
    // Anybody may send others: those of our keys are soon read again.
    if (known.size >= maxHeaders) known.clear();
    known.set(encoded, header);
    return header;
  };
}

function parsedHeader(encoded: string): Header | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null ? header : undefined;
  } catch {
    // Anybody may send text that is no token.
    return undefined;
  }
}

/** By jsonwebtoken, which has no EdDSA. */
function verifiedNow(
  token: string,
  algorithm: 'HS256' | 'RS256',
  key: KeyObject,
  { audience, refusal }: Checks,
): unknown {
  try {
    return jwt.verify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience,
      // The caller checks it last, so that it can name the user of an expired token.
      ignoreExpiration: true,
    });
  } catch {
    // Every error of `jwt.verify` concerns the token; for invalid JSON it is a SyntaxError.
    throw refusal();
  }
}

async function verifiedLater(
  token: string,
  { key, algorithm }: VerificationKey,
  { audience, refusal }: Checks,
): Promise<object> {
  try {
    return (await jwtVerify(token, key, { algorithms: [algorithm], issuer, audience })).payload;
  } catch (error) {
    // Checked last by jose, after the signature and all other claims.
    if (error instanceof errors.JWTExpired) return error.payload;
    if (error instanceof errors.JOSEError) throw refusal();
    throw error;
  }
}

/** 401 for a token that is none of ours. */
export function notValid(message: string): Error {
  return unauthorized(message, { event: 'token_invalid' });
}
