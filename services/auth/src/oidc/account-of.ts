import { randomBytes, randomUUID } from 'node:crypto';
import { DisplayName, Email, Username } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { type AuditOrigin, recordAudit } from '../audit/record-audit.ts';
import { type PlainMail, writeMail } from '../mail/mail-effect.ts';
import { findUserOfIdentity, insertIdentity } from '../stores/linked-identities.ts';
import {
  type Account,
  findAccount,
  findAccountByEmail,
  findAccountIfUnchanged,
  findUserId,
  insertUser,
} from '../stores/users.ts';
import type { ProviderIdentity } from './oidc-client.ts';
import type { ProviderConfig } from './providers-config.ts';

export interface SigningIn {
  readonly identity: ProviderIdentity;
  readonly provider: Pick<ProviderConfig, 'id' | 'name' | 'linkDomains'>;
  readonly origin: AuditOrigin;
}

/** The account that a sign-in opens. */
export interface OpenedAccount {
  readonly account: Account;
  /** Whether the sign-in created it, was linked to it now, or was linked before. */
  readonly how: 'created' | 'linked' | 'known';
}

/**
 * The account of a person whom a provider vouches for: the linked one, or one for an address that
 * the provider has verified: a new one, or, in a domain of the provider, the one that has it.
 * @throws ApiError FORBIDDEN without a verified address, CONFLICT if the address has an account that
 * the provider does not decide about
 */
export function accountOf(database: Database, signingIn: SigningIn): Promise<OpenedAccount> {
  return database.transaction(async (sql) => {
    const userId = await findUserOfIdentity(sql, signingIn.identity);
    if (userId !== undefined) return { account: await findAccount(sql, userId), how: 'known' };
    const email = verifiedEmail(signingIn.identity);
    const owner = await findAccountByEmail(sql, email);
    if (owner !== undefined) return { account: await linkTo(sql, owner, signingIn), how: 'linked' };
    return { account: await register(sql, email, signingIn), how: 'created' };
  });
}

/**
 * Links a sign-in to the account that has its address. Not to one that has not verified it: somebody
 * else may have registered it in advance. Not to an administrator's: a provider decides about
 * addresses, and not about this installation. Throws CONFLICT.
 */
async function linkTo(sql: Sql, owner: Account, signingIn: SigningIn): Promise<Account> {
  const { identity, provider, origin } = signingIn;
  const { user_id: userId, email, email_verified: isVerified } = owner.user;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const mayLink = provider.linkDomains.includes(domain) && isVerified && owner.role !== 'admin';
  if (!mayLink || (await findAccountIfUnchanged(sql, owner)) === undefined) throw taken();
  const { issuer, subject } = identity;
  const identityId = randomUUID();
  await insertIdentity(sql, { identityId, userId, provider: provider.id, issuer, subject });
  const details = { provider: provider.id, automatic: true };
  await recordAudit(sql, { action: 'identity_linked', userId, origin, details });
  await writeMail(sql, linkedMail(identityId, owner, provider.name));
  return owner;
}

function linkedMail(identityId: string, { user }: Account, providerName: string): PlainMail {
  return {
    key: `identity-linked:${identityId}`,
    to: user.email,
    userId: user.user_id,
    subject: `You can sign in with ${providerName}`,
    text: [
      `A sign-in with ${providerName} was linked to your SecureConnect account, because both have`,
      'this e-mail address.',
      '',
      'If it was not you, unlink it in your account and end its session.',
    ].join('\n'),
  };
}

async function register(sql: Sql, email: string, signingIn: SigningIn): Promise<Account> {
  const { identity, provider, origin } = signingIn;
  const userId = randomUUID();
  const username = await freeUsername(sql, email);
  const display_name = DisplayName.safeParse(identity.name).data ?? username;
  const account = await insertUser(sql, userId, { email, username, display_name }, undefined, true);
  await recordAudit(sql, { action: 'registered', userId, origin, email });
  const { issuer, subject } = identity;
  const identityId = randomUUID();
  await insertIdentity(sql, { identityId, userId, provider: provider.id, issuer, subject });
  const details = { provider: provider.id };
  await recordAudit(sql, { action: 'identity_linked', userId, origin, details });
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
