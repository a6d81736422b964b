import { ConfigError, integer, secret } from '@secureconnect/service';
import { z } from 'zod';

const expectedUrl = 'the WebSocket address of a LiveKit server, such as wss://livekit.example.org';
const expectedApiUrl = 'the HTTP address of the LiveKit server, such as http://livekit:7880';

/** An address without a path, credentials or a query. */
const origin = (protocols: readonly string[], expected: string) =>
  z
    .string({ error: expected })
    .refine((value) => isOrigin(value, protocols), { error: expected })
    .optional();

export const sfuVariables = {
  SFU_URL: origin(['ws:', 'wss:'], expectedUrl),
  SFU_API_URL: origin(['http:', 'https:'], expectedApiUrl),
  SFU_API_KEY: z.string().optional(),
  SFU_API_SECRET: secret(32).optional(),
  SFU_TOKEN_SECONDS: integer({ from: 30, to: 600, default: 120 }),
};

/** A LiveKit server, through which calls with the topology `sfu` send their media. */
export interface SfuConfig {
  /** Where clients connect. */
  readonly url: string;
  /** Where video sends its requests. */
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Shared with the server, which signs its webhooks with it. */
  readonly apiSecret: string;
  /** For how long a client can connect with a token. */
  readonly tokenSeconds: number;
}

interface Given {
  readonly SFU_URL: string | undefined;
  readonly SFU_API_URL: string | undefined;
  readonly SFU_API_KEY: string | undefined;
  readonly SFU_API_SECRET: string | undefined;
  readonly SFU_TOKEN_SECONDS: number;
  readonly JWT_SECRET: string;
  readonly TURN_SECRET: string | undefined;
}

/**
 * The SFU; undefined if there is none.
 * @throws ConfigError if its key or secret is missing, the secret has another use too, or clients
 * would send their tokens unencrypted in production
 */
export function sfuConfig(given: Given, production: boolean): SfuConfig | undefined {
  const { SFU_URL: url, SFU_API_URL: apiUrl, SFU_API_SECRET: apiSecret } = given;
  if (apiSecret !== undefined) refuseShared(apiSecret, given);
  if (url === undefined) return undefined;
  if (production && !url.startsWith('wss:')) {
    throw new ConfigError('SFU_URL must use wss in production: clients send their tokens there.');
  }
  return {
    url: withoutSlash(url),
    apiUrl: withoutSlash(apiUrl ?? url.replace(/^ws/, 'http')),
    apiKey: required('SFU_API_KEY', given.SFU_API_KEY),
    apiSecret: required('SFU_API_SECRET', apiSecret),
    tokenSeconds: given.SFU_TOKEN_SECONDS,
  };
}

function refuseShared(apiSecret: string, given: Given): void {
  for (const name of ['JWT_SECRET', 'TURN_SECRET'] as const) {
    if (given[name] !== apiSecret) continue;
    throw new ConfigError(
      `SFU_API_SECRET is the same as ${name}, and the LiveKit server must not know that one; ` +
        'expected one of its own.',
    );
  }
}

function required(name: 'SFU_API_KEY' | 'SFU_API_SECRET', value: string | undefined): string {
  if (value !== undefined) return value;
  throw new ConfigError(
    `${name} is not set, but SFU_URL is; expected the one of the LiveKit server (its setting keys).`,
  );
}

function isOrigin(value: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, host, pathname, search, hash, username, password } = new URL(value);
  const rest = `${search}${hash}${username}${password}`;
  return protocols.includes(protocol) && host !== '' && /^\/?$/.test(pathname) && rest === '';
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '');
}
