import type { Random } from '../random.ts';
import type { Account } from './account.ts';

/** So old ones are asked too, that no copy of the revocations can be excused. */
const newestFirst = 0.6;

/** Tries the tokens of a session that was ended, through the gateway or at a service itself. */
export async function probeEndedSession(account: Account, random: Random): Promise<void> {
  const { ended, client } = account;
  const newest = ended.at(-1);
  if (newest === undefined) return;
  const {
    access: token,
    refresh,
    revokedAtMs,
  } = random.chance(newestFirst) ? newest : random.pick(ended);
  const facts = { revokedAtMs };
  const direct = random.chance(0.6);
  const name = random.pick(['refresh', 'logout', 'profile', 'read messages', 'quota'] as const);
  if (name === 'refresh') {
    const body = { refresh_token: refresh };
    await client.send(name, { body, facts, direct, expected: [401] });
    return;
  }
  // Rows that continue with a copy may accept a token for as long as the copy may be old.
  const expected = name === 'logout' ? [401] : [401, 200];
  await client.send(name, { token, facts, direct, expected });
}
