import type { AuthContext } from './context.ts';
import type { HashClient } from './hashing/hash-queue.ts';
import { findDecoy } from './stores/decoys.ts';
import {
  type Account,
  findAccount,
  findAccountByEmail,
  replacePasswordHash,
} from './stores/users.ts';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface JudgedPassword {
  /** Undefined if nobody has the address. */
  readonly account: Account | undefined;
  readonly matches: boolean;
}

/**
 * Judges the password of an address. Where addresses must be verified, the account may be a decoy,
 * which refuses the sign-in as any account does whose address is not verified. Every attempt except
 * the right password of a verified address then takes two comparisons, whether or not it has an
 * account.
 * @throws ApiError SERVICE_UNAVAILABLE if too many passwords wait to be hashed
 */
export async function judgePassword(
  context: Pick<AuthContext, 'database' | 'passwords' | 'requireVerifiedEmail'>,
  { email, password }: Credentials,
  client: HashClient,
): Promise<JudgedPassword> {
  const judged = await judgeOwner(context, { email, password }, client);
  const { account, matches } = judged;
  if (!context.requireVerifiedEmail || (matches && account?.user.email_verified)) return judged;
  const decoy = await findDecoy(context.database, email);
  const isOfDecoy = await context.passwords.matches(password, decoy?.passwordHash, client);
  return isOfDecoy && !matches ? { account: decoy, matches: true } : judged;
}

/**
 * Judges the password of the account that has an address. A hash of an older scheme or cost is
 * replaced when its password is right, if nobody has changed the password meanwhile.
 * @throws ApiError SERVICE_UNAVAILABLE if too many passwords wait to be hashed
 */
async function judgeOwner(
  { database, passwords }: Pick<AuthContext, 'database' | 'passwords'>,
  { email, password }: Credentials,
  client: HashClient,
): Promise<JudgedPassword> {
  const account = await findAccountByEmail(database, email);
  const stored = account?.passwordHash;
  const matches = await passwords.matches(password, stored, client);
  if (account === undefined || stored === undefined || !matches || passwords.isCurrent(stored)) {
    return { account, matches };
  }
  const next = await passwords.hash(password, client);
  const { user_id: userId } = account.user;
  if (await replacePasswordHash(database, userId, { judged: stored, next })) {
    return { account: { ...account, passwordHash: next }, matches };
  }
  // A concurrent login has replaced the hash, or the password has changed: the current one decides.
  const current = await findAccountByEmail(database, email);
  return {
    account: current,
    matches: await passwords.matches(password, current?.passwordHash, client),
  };
}

/**
 * Acts on an account whose password was judged to be right. `act` compares the hash in its own
 * transaction and resolves with undefined if it has changed, which a concurrent login also does when
 * it replaces an old hash by a current one of the same password. So the password is judged by the
 * current hash then, and `act` runs again; undefined if the password is no longer right. This ends,
 * because hashes are only replaced by ones of a newer scheme or a higher cost.
 * @param password undefined if something else has proved who it is: then the current hash is taken
 * @throws ApiError SERVICE_UNAVAILABLE if too many passwords wait to be hashed, NOT_FOUND if the
 * account is gone
 */
export async function actOnJudged<Result>(
  { database, passwords }: Pick<AuthContext, 'database' | 'passwords'>,
  { account, password }: { readonly account: Account; readonly password: string | undefined },
  client: HashClient,
  act: (judged: Account) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  let judged = account;
  for (;;) {
    const result = await act(judged);
    if (result !== undefined) return result;
    const current = await findAccount(database, judged.user.user_id);
    // Refused for another reason, such as a disabled account.
    if (current.passwordHash === judged.passwordHash) return undefined;
    const isRight =
      password === undefined || (await passwords.matches(password, current.passwordHash, client));
    if (!isRight) return undefined;
    judged = current;
  }
}
