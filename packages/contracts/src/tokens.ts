import { z } from 'zod';
import { DeviceName, Email, storable, text, Uuid } from './primitives.ts';
import { OwnUser } from './users.ts';

/** Maximum length of a token, in characters. */
export const TOKEN_MAX_LENGTH = 4096;

/**
 * Body of `POST /v1/auth/login`. Accepts any password of a sensible size, because the rules for new
 * passwords would help an attacker to guess.
 */
export const Login = z.object({
  email: Email,
  password: text(1, 1024).meta({ examples: ['correct horse battery staple'] }),
  device_name: DeviceName.exactOptional(),
});
export type Login = z.infer<typeof Login>;

/** Body of `POST /v1/auth/refresh`. */
const refreshTokenExample = {
  examples: ['3f0c9a52-8d1e-4b7a-9c36-5e2f71d804ab.Zk3vQ9mT1xYb7LwN5sHcR2uJ8dPgA4eFoI6tKyVnM0q'],
};
export const Refresh = z.object({
  refresh_token: text(1, TOKEN_MAX_LENGTH).meta(refreshTokenExample),
});
export type Refresh = z.infer<typeof Refresh>;

/** A refresh token: the session that it renews, a dot, and 256 secret bits in base64url. */
export const refreshTokenPattern = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/;

/**
 * Reply of register, login and refresh. `expires_in` is in seconds. While Redis is down, a token
 * that cannot be issued is the empty string.
 */
export const Tokens = z
  .object({
    user: OwnUser,
    access_token: z.string().meta({ examples: ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIzZjBjIn0.c2ln'] }),
    refresh_token: z.string().meta(refreshTokenExample),
    expires_in: z
      .int()
      .min(0)
      .meta({ examples: [900] }),
  })
  .meta({ id: 'Tokens' });
export type Tokens = z.infer<typeof Tokens>;

/** Reply of `POST /v1/auth/logout`. */
export const LoggedOut = z.object({ logged_out: z.literal(true) });
export type LoggedOut = z.infer<typeof LoggedOut>;

/** Reply of `POST /v1/ws/ticket`. `expires_in` is in seconds. */
export const SocketTicket = z
  .object({
    ticket: z.string().meta({ examples: ['eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJjMWQ1In0.c2ln'] }),
    expires_in: z
      .int()
      .min(1)
      .max(30)
      .meta({ examples: [30] }),
  })
  .meta({ id: 'SocketTicket' });
export type SocketTicket = z.infer<typeof SocketTicket>;

/** The claims of an access token; `deg` marks one issued while Redis was down. Times in seconds. */
export const AccessTokenClaims = z.object({
  sub: Uuid,
  sid: Uuid,
  jti: z.string().min(1).max(128).check(storable),
  iat: z.int(),
  exp: z.int(),
  iss: z.string(),
  aud: z.string(),
  role: z.string().max(32),
  deg: z.literal(true).exactOptional(),
  /** Whether the address was verified when the token was issued. */
  email_verified: z.boolean().exactOptional(),
});
export type AccessTokenClaims = z.infer<typeof AccessTokenClaims>;

/** The claims of a ticket: its access token, with the start and end of that token in seconds. */
export const SocketTicketClaims = AccessTokenClaims.extend({
  jti: Uuid,
  token_id: z.string().min(1).max(128).check(storable),
  token_iat: z.int(),
  token_exp: z.int(),
});
export type SocketTicketClaims = z.infer<typeof SocketTicketClaims>;

/** The announcement of revocations: ids (`jti` or `sid`) of tokens and sessions. */
export const RevokedIds = z.array(Uuid).max(1000);
export type RevokedIds = z.infer<typeof RevokedIds>;
