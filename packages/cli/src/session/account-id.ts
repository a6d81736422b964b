import type { Schemas } from '@secureconnect/client';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { safeLine } from '../terminal/safe-text.ts';
import type { Connection } from './connect.ts';
import { firstOf } from './pages.ts';

/** The maximum of accounts among which one is looked for. */
const accountsMax = 10_000;

/**
 * The id of the account with exactly this id, e-mail address or user name, in any case. The server
 * finds all that begin so, by user name, so the one that is meant can be far behind.
 * @throws CommandError where there is none among the first 10,000 that begin so
 */
export async function accountIdOf(
  name: string,
  request: Connection['request'],
  signal: AbortSignal,
): Promise<string> {
  const search = name.toLowerCase();
  const isMeant = (user: Schemas['AdminUser']) =>
    [user.user_id, user.email, user.username].some((value) => value.toLowerCase() === search);
  const users = await firstOf(
    accountsMax,
    (query) => request('GET /v1/admin/users', { query: { ...query, search } }, { signal }),
    (page) => page.users,
    isMeant,
  );
  const last = users.at(-1);
  if (last !== undefined && isMeant(last)) return last.user_id;
  const line =
    users.length < accountsMax
      ? `There is no account "${safeLine(name)}"; "secureconnect admin users" lists them.`
      : `The first ${accountsMax} accounts that begin with "${safeLine(name)}" are others; name the id or the whole e-mail address of the one that you mean.`;
  throw new CommandError(exitCodes.refused, line);
}
