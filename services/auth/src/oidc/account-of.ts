import { randomBytes, randomUUID } from 'node:crypto';
import { DisplayName, Email, type OwnUser, Username } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { type AuditOrigin, recordAudit } from '../audit/record-audit.ts';
import { type PlainMail, writeMail } from '../mail/mail-effect.ts';
import type { JudgedAccount } from '../ports/new-sessions.ts';
import { findUserOfIdentity, insertIdentity, useIdentity } from '../stores/linked-identities.ts';
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
  /** Its `open` creates or links it, in the transaction that goes on; its id is known before. */
  readonly account: JudgedAccount;
  readonly email: string;
  /** Whether the sign-in creates it, links it, or was linked before. */
  readonly how: 'created' | 'linked' | 'known';
}

type FoundAccount = Pick<Account, 'passwordHash'> & {
  readonly user: Pick<OwnUser, 'user_id' | 'email'>;
};

/**
 * The account of a person whom a provider vouches for: the linked one, or one for an address that
 * the provider has verified: a new one, or, in a domain of the provider, the one that has it.
 * Nothing is stored yet: `open` of the account does that.
 * @throws ApiError FORBIDDEN without a verified address, CONFLICT if the address has an account that
 * the provider does not decide about
 */
export async function accountOf(sql: Sql, signingIn: SigningIn): Promise<OpenedAccount> {
  const { identity } = signingIn;
  const knownId = await findUserOfIdentity(sql, identity);
  if (knownId !== undefined) {
    const known = await findAccount(sql, knownId);
    return opened(identity, known, 'known', () => Promise.resolve(false));
  }
  const email = verifiedEmail(identity);
  const owner = await findAccountByEmail(sql, email);
  if (owner !== undefined) {
    return opened(identity, owner, 'linked', (inside) => linkTo(inside, owner, signingIn));
  }
  const userId = randomUUID();
  const created = { user: { user_id: userId, email }, passwordHash: undefined };
  const create = (inside: Sql): Promise<boolean> => register(inside, userId, email, signingIn);
  return opened(identity, created, 'created', create);
}

/** @param link links an identity that opens no account; false if it may not */
function opened(
  identity: ProviderIdentity,
  { user, passwordHash }: FoundAccount,
  how: OpenedAccount['how'],
  link: (sql: Sql) => Promise<boolean>,
): OpenedAccount {
  const open = async (sql: Sql): Promise<boolean> => {
    const userId = await useIdentity(sql, identity);
    return userId === undefined ? link(sql) : userId === user.user_id;
  };
  return { account: { user, passwordHash, open }, email: user.email, how };
}

/**
 * Links a sign-in to the account that has its address. Not to one that has not verified it: somebody
 * else may have registered it in advance. Not to an administrator's: a provider decides about
 * addresses, and not about this installation. Throws CONFLICT.
 */
async function linkTo(sql: Sql, owner: Account, signingIn: SigningIn): Promise<boolean> {
  const { identity, provider, origin } = signingIn;
  const current = await findAccountIfUnchanged(sql, owner);
  if (current === undefined) throw taken();
  if (current.user.email !== owner.user.email) return false;
  const { user_id: userId, email, email_verified: isVerified, role } = current.user;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const mayLink = provider.linkDomains.includes(domain) && isVerified && role !== 'admin';
  if (!mayLink) throw taken();
  const { issuer, subject } = identity;
  const identityId = randomUUID();
  await insertIdentity(sql, { identityId, userId, provider: provider.id, issuer, subject });
  const details = { provider: provider.id, automatic: true };
  await recordAudit(sql, { action: 'identity_linked', userId, origin, details });
  await writeMail(sql, linkedMail(identityId, owner, provider.name));
  return true;
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

async function register(
  sql: Sql,
  userId: string,
  email: string,
  { identity, provider, origin }: SigningIn,
): Promise<boolean> {
  if ((await findUserId(sql, { email })) !== undefined) return false;
  const username = await freeUsername(sql, email);
  const display_name = DisplayName.safeParse(identity.name).data ?? username;
  await insertUser(sql, userId, { email, username, display_name }, undefined, {
    isEmailVerified: true,
  });
  await recordAudit(sql, { action: 'registered', userId, origin, email });
  const { issuer, subject } = identity;
  const identityId = randomUUID();
  await insertIdentity(sql, { identityId, userId, provider: provider.id, issuer, subject });
  const details = { provider: provider.id };
  await recordAudit(sql, { action: 'identity_linked', userId, origin, details });
  return true;
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
