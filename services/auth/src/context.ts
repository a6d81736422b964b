import type { Database } from '@secureconnect/postgres';
import type { SignTicket } from '@secureconnect/tokens';
import type { CodeHash } from './email/verification-code.ts';
import type { FactorKeys } from './factors/factor-keys.ts';
import type { LoginAttempts } from './login-attempts.ts';
import type { Mailer } from './mail/mailer.ts';
import type { NewPasswords } from './new-passwords/new-passwords.ts';
import type { OidcClients } from './oidc/oidc-clients.ts';
import type { PasskeySettings } from './passkeys/challenges.ts';
import type { Passwords } from './passwords.ts';
import type { NextRefreshToken } from './refresh-token.ts';
import type { SessionLimits } from './session-limits.ts';
import type { SignInGate } from './sign-in-gate.ts';

/** What auth's handlers use in addition to their ports. */
export interface AuthContext {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly newPasswords: NewPasswords;
  readonly loginAttempts: LoginAttempts;
  readonly mailer: Mailer;
  readonly oidc: OidcClients;
  readonly passkeys: PasskeySettings;
  readonly deletionGraceHours: number;
  /** Whether Redis is down for this process. */
  readonly isDegraded: () => boolean;
  readonly sessionLimits: SessionLimits;
  /** Admits logins, registrations and password resets, before anything slow. */
  readonly signInGate: SignInGate;
  readonly refreshGate: SignInGate;
  readonly signAccessToken: SignAccessToken;
  /** Signs a ticket for the owner of an access token. */
  readonly signSocketTicket: SignTicket;
  /** The keys that verify tokens. Throws SERVICE_UNAVAILABLE if they are not known. */
  readonly publicKeys: () => readonly { readonly publicJwk: object }[];
  readonly nextRefreshToken: NextRefreshToken;
  /** Of the second secret during a rotation. */
  readonly formerNextRefreshToken?: NextRefreshToken | undefined;
  /** Hashes the codes that verify addresses. */
  readonly codeHash: CodeHash;
  /** Encrypts the secrets of authenticator apps. */
  readonly factorKeys: FactorKeys;
  /** Whether users with an unverified address are refused at login. */
  readonly requireVerifiedEmail: boolean;
  /** Whether users find others by their address, which reveals that it has an account. */
  readonly findUsersByEmail: boolean;
}

/** Signs the access token of a session. */
export type SignAccessToken = (of: {
  userId: string;
  sessionId: string;
  role: string;
  emailVerified: boolean;
  /** By the clock of the database. */
  issuedAtMs: number;
  /** The end of the session at the latest, in Unix ms; the token lasts no longer. */
  sessionEndsAtMs: number;
}) => Promise<{
  readonly token: string;
  readonly expiresInSeconds: number;
}>;
