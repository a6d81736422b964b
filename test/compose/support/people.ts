import { randomUUID } from 'node:crypto';
import { createTokenSigner } from '@secureconnect/tokens';
import { dataOf, send, textOf } from '../../../scripts/validate/stack.ts';
import { freshName } from './load.ts';

/** Where the services are published. */
export const urls = {
  gateway: 'http://127.0.0.1:8080',
  loadBalancer: 'http://127.0.0.1:8000',
  auth: 'http://127.0.0.1:8081',
  chat: 'http://127.0.0.1:8082',
  video: 'http://127.0.0.1:8083',
  storage: 'http://127.0.0.1:8084',
} as const;

export interface Person {
  readonly userId: string;
  readonly token: string;
  readonly credentials: { readonly email: string; readonly password: string };
}

/** Somebody new. On auth's own port, which has no limits. */
export async function register(): Promise<Person> {
  const name = freshName();
  const credentials = { email: `${name}@example.com`, password: randomUUID() };
  const body = { ...credentials, username: name, display_name: name };
  const data = dataOf('register', await send('POST', `${urls.auth}/v1/auth/register`, { body }));
  const { user } = data;
  if (typeof user !== 'object' || user === null) throw new Error('register gave no user');
  return {
    userId: textOf({ ...user }, 'user_id'),
    token: textOf(data, 'access_token'),
    credentials,
  };
}

/** People, each in a conversation with the first. */
export async function conversing(count: number): Promise<(Person & { conversationId: string })[]> {
  const first = await register();
  const others = [];
  for (let made = 0; made < count; made += 1) {
    const person = await register();
    const body = { type: 'direct', participant_ids: [first.userId] };
    const answer = await send('POST', `${urls.chat}/v1/conversations`, {
      token: person.token,
      body,
    });
    const conversationId = textOf(dataOf('a conversation', answer), 'conversation_id');
    others.push({ ...person, conversationId });
  }
  return others;
}

/** No one uses more requests a minute than a gateway grants by itself while it shares a limit. */
const requestsEach = 40;

/** Tokens of readers whom nobody knows; another one before a limit is reached. */
export function readers(jwtSecret: string): () => string {
  const sign = createTokenSigner({ secret: jwtSecret });
  let left = 0;
  let token = '';
  return () => {
    if (left === 0) {
      const ids = { userId: randomUUID(), sessionId: randomUUID() };
      token = sign({ ...ids, role: 'user', lifetimeSeconds: 900 }).token;
      left = requestsEach;
    }
    left -= 1;
    return token;
  };
}
