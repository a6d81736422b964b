import type { Client, Store } from '@secureconnect/client';

/** An account that the demo makes up, and keeps in this browser for the next time. */
export interface MadeUpAccount {
  readonly display_name: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

const key = 'demo/account';

/** The account that was made up before. */
export async function keptAccount(store: Store): Promise<MadeUpAccount | undefined> {
  const text = await store.get(key);
  return text === undefined ? undefined : (JSON.parse(text) as MadeUpAccount);
}

/** Signs a person up under a name that nobody has. @throws what the client throws */
export async function signUpMadeUp(client: Client, store: Store, name: string): Promise<void> {
  const username = `${name.toLowerCase()}_${crypto.randomUUID().slice(0, 8)}`;
  const account = {
    display_name: name,
    username,
    email: `${username}@example.com`,
    password: crypto.randomUUID(),
  };
  await client.signUp(account);
  await store.set(key, JSON.stringify(account));
}
