import { randomBytes, randomUUID } from 'node:crypto';
import { DisplayName, Email, Username } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { type AuditOrigin, recordAudit } from '../audit/record-audit.ts';
import { findUserOfIdentity, insertIdentity } from '../stores/linked-identities.ts';
import {
  type Account,
  findAccount,
  findAccountByEmail,
  findUserId,
  insertUser,
} from '../stores/users.ts';
import type { ProviderIdentity } from './oidc-client.ts';

export interface SigningIn {
  readonly identity: ProviderIdentity;
  /** The id of the provider in the configuration. */
  readonly provider: string;
  readonly origin: AuditOrigin;
}

/** The account that a sign-in opens, and whether the sign-in created it. */
export interface OpenedAccount {
  readonly account: Account;
  readonly isNew: boolean;
}

/**
 * The account of a person whom a provider vouches for: the linked one, or a new one for an address
 * that the provider has verified and that has no account yet.
 * @throws ApiError FORBIDDEN without a verified address, CONFLICT if the address has an account
 */
export function accountOf(database: Database, signingIn: SigningIn): Promise<OpenedAccount> {
  return database.transaction(async (sql) => {
    const userId = await findUserOfIdentity(sql, signingIn.identity);
    if (userId !== undefined) return { account: await findAccount(sql, userId), isNew: false };
    const email = verifiedEmail(signingIn.identity);
    if ((await findAccountByEmail(sql, email)) !== undefined) throw taken();
    return { account: await register(sql, email, signingIn), isNew: true };
  });
}

async function register(sql: Sql, email: string, signingIn: SigningIn): Promise<Account> {
  const { identity, provider, origin } = signingIn;
  const userId = randomUUID();
  const username = await freeUsername(sql, email);
  const display_name = DisplayName.safeParse(identity.name).data ?? username;
  const account = await insertUser(sql, userId, { email, username, display_name }, undefined, true);
  await recordAudit(sql, { action: 'registered', userId, origin, email });
  const { issuer, subject } = identity;
  await insertIdentity(sql, { identityId: randomUUID(), userId, provider, issuer, subject });
  await recordAudit(sql, { action: 'identity_linked', userId, origin, details: { provider } });
  return account;
}

/** Throws FORBIDDEN: without proof, anybody could claim any address at some provider. */
function verifiedEmail({ email, emailVerified }: ProviderIdentity): string {
  const parsed = Email.safeParse(email);
  if (parsed.success && emailVerified) return parsed.data;
  throw new ApiError(
    'FORBIDDEN',
    'The provider has not verified an e-mail address of yours; verify it there, then sign in again.',
  );
}

const maxBaseLength = 21;

/** The part of the address before the @, with a random end if that is taken or too short. */
async function freeUsername(sql: Sql, email: string): Promise<string> {
  const [local = ''] = email.split('@');
  const base = local.replace(/[^A-Za-z0-9_.-]/g, '').slice(0, maxBaseLength);
  const isFree =
    Username.safeParse(base).success && (await findUserId(sql, { username: base })) === undefined;
  return isFree ? base : `${base || 'user'}-${randomBytes(4).toString('hex')}`;
}

function taken(): ApiError {
  return new ApiError(
    'CONFLICT',
    'Your e-mail address has an account already; log in there and link this sign-in to it.',
  );
}
