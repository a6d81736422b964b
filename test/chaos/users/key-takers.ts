import { maxOneTimeKeys } from '@secureconnect/contracts';
import { newDeviceKeys, newOneTimeKeys } from '../../../services/auth/test/keys-fixture.ts';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import type { SimulatedUser } from './user.ts';

/** So often may a user take the keys of the same user within an hour. */
const maxTakes = 10;
const keysPerUpload = 5;

/** Users who take the keys of one device, several at the same moment, and its owner, who adds some. */
export class KeyTakers implements SimulatedUser {
  readonly name: string;
  readonly random: Random;
  readonly pauseMs = { from: 1000, to: 3000 };
  readonly #owner: Account;
  readonly #takes: Map<Account, number>;
  readonly #keys = newDeviceKeys();

  constructor(owner: Account, takers: readonly Account[]) {
    this.#owner = owner;
    this.#takes = new Map(takers.map((taker) => [taker, 0]));
    this.name = owner.client.options.user;
    this.random = owner.client.options.random;
  }

  async step(): Promise<void> {
    if (this.random.chance(0.4)) {
      await addKeys(this.#owner, this.#keys);
      return;
    }
    const able = [...this.#takes].filter(([, takes]) => takes < maxTakes);
    const chosen = this.random.shuffled(able).slice(0, this.random.integer(1, 3));
    for (const [taker, takes] of chosen) this.#takes.set(taker, takes + 1);
    await Promise.all(chosen.map(([taker]) => takeKeys(taker, this.#owner)));
  }
}

/** Sets the keys of the current session's device and adds one-time keys, as far as there is room. */
export async function addKeys(owner: Account, keys = newDeviceKeys()): Promise<void> {
  const token = await owner.token();
  if (token === undefined) return;
  const { client } = owner;
  const { status, data } = await client.send('set keys', { token, body: keys, expected: [200] });
  if (status !== 200) return;
  // No user but the owner adds any, so that there is room still when they arrive.
  if (Number(data['one_time_keys']) + keysPerUpload > maxOneTimeKeys.inStock) return;
  const body = { keys: newOneTimeKeys(keysPerUpload, Number(data['last_one_time_key_id']) + 1) };
  await client.send('add one-time keys', { token, body, expected: [200] });
}

/** If the reply is lost, so are its one-time keys. */
export async function takeKeys(taker: Account, { userId }: Account): Promise<void> {
  const token = await taker.token();
  if (token === undefined) return;
  const path = `/v1/keys/users/${userId}/bundles`;
  await taker.client.send('take keys', { token, path, expected: [200] });
}
