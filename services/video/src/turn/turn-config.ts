import { ConfigError, integer, list, secret } from '@secureconnect/service';

/** RFC 7064 and RFC 7065, without the characters that end or quote a URL in a configuration. */
const stunUrl = /^stuns?:[^\s/@",]+$/;
const turnUrl = /^turns?:[^\s/@",]+$/;

const urls = (pattern: RegExp, expected: string) =>
  list('').refine((values) => values.every((value) => pattern.test(value)), { error: expected });

export const turnVariables = {
  STUN_URLS: urls(stunUrl, 'a comma-separated list such as stun:stun.example.org:3478'),
  TURN_URLS: urls(turnUrl, 'a comma-separated list such as turn:turn.example.org:3478'),
  TURN_SECRET: secret(32).optional(),
  TURN_CREDENTIAL_SECONDS: integer({ from: 60, to: 3600, default: 300 }),
};

/** The STUN and TURN servers of calls. */
export interface TurnConfig {
  readonly stunUrls: readonly string[];
  /** Undefined if there is no TURN server: peers connect directly or not at all. */
  readonly relay: Relay | undefined;
  /** The lifetime of a credential. */
  readonly credentialSeconds: number;
}

/** A TURN server, reached by one or more transports. */
export interface Relay {
  readonly urls: readonly string[];
  /** Shared with the server (coturn's `static-auth-secret`). */
  readonly secret: string;
}

interface Given {
  readonly STUN_URLS: readonly string[];
  readonly TURN_URLS: readonly string[];
  readonly TURN_SECRET: string | undefined;
  readonly TURN_CREDENTIAL_SECONDS: number;
  readonly JWT_SECRET: string;
}

/** @throws ConfigError if there is a TURN server without a secret of its own. */
export function turnConfig(given: Given): TurnConfig {
  const { TURN_URLS: turnUrls, TURN_SECRET: turnSecret } = given;
  if (turnSecret !== undefined && turnSecret === given.JWT_SECRET) {
    throw new ConfigError(
      'TURN_SECRET is the same as JWT_SECRET, and the TURN server must not be able to sign tokens; ' +
        'expected one of its own.',
    );
  }
  return {
    stunUrls: given.STUN_URLS,
    relay: turnUrls.length === 0 ? undefined : { urls: turnUrls, secret: required(turnSecret) },
    credentialSeconds: given.TURN_CREDENTIAL_SECONDS,
  };
}

function required(turnSecret: string | undefined): string {
  if (turnSecret !== undefined) return turnSecret;
  throw new ConfigError(
    'TURN_SECRET is not set, but TURN_URLS is; expected the static-auth-secret of the TURN server, ' +
      'at least 32 bytes of your own, such as from "openssl rand -hex 32".',
  );
}

/** ICE_SERVERS gave everybody one password that never expired. */
export function refuseIceServers(environment: NodeJS.ProcessEnv): void {
  const { ICE_SERVERS: value = '' } = environment;
  if (value === '' || value === '[]') return;
  throw new ConfigError(
    'ICE_SERVERS is no longer used; set STUN_URLS, TURN_URLS and TURN_SECRET, and remove it.',
  );
}
