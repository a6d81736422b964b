import type { Database } from '@secureconnect/postgres';
import { call, type SampleUser, type SocketClient, textField } from '@secureconnect/testkit';
import { createWorld } from '../conformance/world.ts';
import { openSocket } from '../support/open-socket.ts';
import type { Stack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';

/** A conversation of users, and ways to call each other in it. */
export interface Scene {
  readonly users: readonly SampleUser[];
  readonly conversationId: string;
}

/** New users in a conversation; `more` take part in it too, and come last. */
export async function newScene(
  stack: Stack,
  count: number,
  more: readonly SampleUser[] = [],
): Promise<Scene> {
  const world = createWorld(stack);
  const registered = await Promise.all(
    Array.from({ length: count - more.length }, () => world.user()),
  );
  const users = [...registered, ...more];
  const [first, ...others] = users;
  const ids = others.map(({ userId }) => userId);
  const body =
    count === 2
      ? { type: 'direct', participant_ids: ids }
      : { type: 'group', title: 'Calls', participant_ids: ids };
  const token = first?.token ?? '';
  const made = await world.data('chat', 'POST', '/v1/conversations', { token, body });
  return { users, conversationId: textField(made, 'conversation_id') };
}

/** Starts a call and returns its id. */
export async function ring(stack: Stack, { token }: SampleUser, scene: Scene): Promise<string> {
  const body = { call_type: 'audio', conversation_id: scene.conversationId };
  const made = await createWorld(stack).data('video', 'POST', '/v1/calls/initiate', {
    token,
    body,
  });
  return textField(made, 'call_id');
}

/** Sends `accept`, `decline`, `cancel`, `join` or `end`. */
export function act(stack: Stack, token: string, callId: string, action: string) {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  return call<any>(stack.urls.video, 'POST', `/v1/calls/${callId}/${action}`, { token });
}

/** A device: the token of a session of a user, and its socket for all conversations. */
export async function openDevice(stack: Stack, token: string): Promise<SocketClient> {
  return openSocket(`${stack.urls.chat}/v1/ws/chat`, token);
}

/** Another session of a user. */
export async function signIn(stack: Stack, { email, password }: SampleUser): Promise<string> {
  const body = { email, password };
  const tokens = await createWorld(stack).data('auth', 'POST', '/v1/auth/login', { body });
  return textField(tokens, 'access_token');
}

/** The database of a stack, as a test reads and changes it. */
export function databaseOf(stack: Stack): AsyncDisposable & { readonly sql: Database } {
  const sql = openTestDatabase(stack.databaseUrl, { maxConnections: 1 });
  return { sql, [Symbol.asyncDispose]: () => sql.close() };
}

/** Makes the time to answer a call run out. */
export async function endRinging(stack: Stack, callId: string): Promise<void> {
  await using database = databaseOf(stack);
  await database.sql.execute(
    `UPDATE video.calls SET ring_until = now() - interval '1 second' WHERE call_id = $1`,
    [callId],
  );
}
