import type { History } from '../history.ts';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import type { SimulatedUser } from './user.ts';

/** Two users who ask each other, accept and part again, at the same moment. */
export class Befrienders implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  /** A user may send 20 requests a minute. */
  readonly pauseMs = { from: 3000, to: 6000 };
  readonly #both: readonly [Account, Account];
  readonly #history: History;

  constructor(both: readonly [Account, Account], history: History) {
    this.#both = both;
    this.#history = history;
    this.name = both[0].client.options.user;
    this.random = both[0].client.options.random;
  }

  async step(): Promise<void> {
    const [one, other] = this.#both;
    const steps = [askFriend, askFriend, acceptFriend, endFriendship] as const;
    const [first, second] = [this.random.pick(steps), this.random.pick(steps)];
    const statuses = await Promise.all([first(one, other), second(other, one)]);
    // Without a reply, the request may still be on its way.
    if (statuses.every((status) => status !== 0)) await noteFriends(this.#history, this.#both);
  }
}

/** Notes whether each of two users has the other as a friend, while neither changes it. */
export async function noteFriends(
  history: History,
  [one, other]: readonly [Account, Account],
): Promise<void> {
  const [ofOne, ofOther] = [await friendsOf(one), await friendsOf(other)];
  if (ofOne === undefined || ofOther === undefined) return;
  const has = [ofOne.includes(other.userId), ofOther.includes(one.userId)] as const;
  history.friends.push({ users: [one.username, other.username], has });
}

/** Of a reply, 0 without one; undefined if nothing was sent. */
type Status = number | undefined;

export async function askFriend(account: Account, { userId }: Account): Promise<Status> {
  const token = await account.token();
  if (token === undefined) return undefined;
  const body = { user_id: userId };
  return (await account.client.send('ask friend', { token, body, expected: [200] })).status;
}

/** 404 is right if the other one has not asked, or has withdrawn. */
export async function acceptFriend(account: Account, { userId }: Account): Promise<Status> {
  const token = await account.token();
  if (token === undefined) return undefined;
  const path = `/v1/friends/requests/${userId}/accept`;
  return (await account.client.send('accept friend', { token, path, expected: [200, 404] })).status;
}

export async function endFriendship(account: Account, { userId }: Account): Promise<Status> {
  const token = await account.token();
  if (token === undefined) return undefined;
  const path = `/v1/friends/${userId}`;
  return (await account.client.send('end friendship', { token, path, expected: [200] })).status;
}

/** The ids of an account's friends; undefined if they could not be read. */
async function friendsOf(account: Account): Promise<readonly string[] | undefined> {
  const token = await account.token();
  if (token === undefined) return undefined;
  const { status, data } = await account.client.send('list friends', { token, expected: [200] });
  if (status !== 200) return undefined;
  return (data['friends'] as { user_id: string }[]).map(({ user_id }) => user_id);
}
