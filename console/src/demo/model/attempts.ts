import { Client, MemoryStore } from '@secureconnect/client';
import { watchedFetch } from '../../app/watched-fetch.ts';
import type { Demo } from './demo.ts';

/** Something that a visitor of the demo may try. */
export interface Attempt {
  readonly title: string;
  /** What the table declares for it, in a few words. */
  readonly expected: string;
  readonly act: (demo: Demo) => Promise<unknown>;
}

/** Tried once: the page shows what the first answer is. */
const once = { retryForMs: 0 };

/** Beside messages, files and calls: two that go on while Redis is down, and three that refuse. */
export const attempts: readonly Attempt[] = [
  {
    title: 'Look Bob up by name',
    expected: 'goes on by PostgreSQL',
    act: ({ ada, bob }) => {
      const { username } = bob.account;
      return ada.person.client.request('GET /v1/users/lookup', { query: { username } }, once);
    },
  },
  {
    title: 'See who is online',
    expected: 'goes on, and knows of nobody',
    act: ({ ada, bob }) => {
      const query = { user_ids: [bob.person.me.user_id] };
      return ada.person.client.request('GET /v1/presence', { query }, once);
    },
  },
  {
    title: 'Sign Ada in on a second device',
    expected: 'refuses: nobody could end that session',
    act: async ({ ada, onUse }) => {
      const { email, password } = ada.account;
      const fetch = watchedFetch(onUse);
      const device = new Client({ baseUrl: location.origin, store: new MemoryStore(), fetch });
      await device.signIn({ email, password, device_name: 'Second device of the demo' }, once);
      await device.close();
    },
  },
  {
    title: 'Sign out all other devices of Ada',
    expected: 'refuses: it would not reach every server',
    act: ({ ada }) => ada.person.client.request('DELETE /v1/users/me/sessions', {}, once),
  },
  {
    title: 'Begin a conversation by user name',
    expected: 'refuses: names stand in Redis',
    act: ({ ada, bob }) => {
      const body = {
        type: 'direct' as const,
        participants: [{ username: bob.account.username }],
      };
      return ada.person.client.request('POST /v1/conversations', { body }, once);
    },
  },
];
