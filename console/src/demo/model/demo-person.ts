import { Client, SignedOutError, type Store } from '@secureconnect/client';
import type { RouteUse } from '../../app/route-use.ts';
import { watchedFetch } from '../../app/watched-fetch.ts';
import { Limits } from '../../people/model/limits.ts';
import { type OpenPerson, openPerson } from '../../people/model/open-person.ts';
import { refusalWords } from '../../people/model/refusal-words.ts';
import { keptAccount, type MadeUpAccount, signUpMadeUp } from './made-up-account.ts';
import { watchedWebSocket } from './watched-web-socket.ts';

export interface DemoPersonOptions {
  readonly name: string;
  readonly baseUrl: string;
  readonly store: Store;
  readonly onUse: (use: RouteUse) => void;
  readonly isAttentive: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** One of the two people of the demo. */
export interface DemoPerson extends OpenPerson {
  readonly limits: Limits;
  readonly account: MadeUpAccount;
}

/**
 * Opens the conversations of a made-up person: the one of the last time, where the server still knows
 * them, or a new one.
 * @throws what the client throws
 */
export async function openDemoPerson(options: DemoPersonOptions): Promise<DemoPerson> {
  const { baseUrl, isAttentive, name, onError, onUse, store } = options;
  const client: Client = new Client({
    ...{ baseUrl, store },
    fetch: watchedFetch((use) => {
      onUse(use);
      if (use.mode === 'refused') limits.noteRefusal(refusalWords(use.route));
    }),
    WebSocket: watchedWebSocket(onUse),
    onDegraded: (ports) => limits.noteDegraded(ports),
  });
  const limits = new Limits({ api: client });
  await ensureSignedIn(client, store, name);
  const account = await keptAccount(store);
  if (account === undefined) throw new Error('expected the account that was just made up');
  const open = await openPerson({ client, isAttentive, onError });
  const close = async (): Promise<void> => {
    limits.close();
    await open.close();
  };
  return { ...open, limits, account, close };
}

/** Where the server has lost its data since the last time, nobody of then is known to it. */
async function ensureSignedIn(client: Client, store: Store, name: string): Promise<void> {
  const isKept = (await client.userId()) !== undefined && (await keptAccount(store)) !== undefined;
  if (!isKept) return signUpMadeUp(client, store, name);
  try {
    await client.request('GET /v1/users/me');
  } catch (error) {
    if (!(error instanceof SignedOutError)) throw error;
    await signUpMadeUp(client, store, name);
  }
}
