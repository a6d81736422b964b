import { randomUUID } from 'node:crypto';
import { dataOf, type Stack, send, textOf } from './stack.ts';

/** The data that the checks need, created while Redis is up. */
export interface Scene {
  readonly credentials: { readonly email: string; readonly password: string };
  readonly token: string;
  readonly revokedToken: string;
  readonly conversationId: string;
  /** Whether the stack runs with ENABLE_STATELESS_AUTH=true. */
  readonly statelessAuth: boolean;
}

/** Registers two users, starts a conversation between them, and revokes one token. */
export async function setScene(stack: Stack): Promise<Scene> {
  const [ada, bob] = [await register(stack), await register(stack)];
  const conversation = dataOf(
    'creating a conversation',
    await send('POST', `${stack.chat}/v1/conversations`, {
      token: ada.token,
      body: { type: 'direct', participant_ids: [bob.userId] },
    }),
  );
  const { email, password } = ada;
  const revoked = dataOf(
    'login',
    await send('POST', `${stack.auth}/v1/auth/login`, { body: { email, password } }),
  );
  const revokedToken = textOf(revoked, 'access_token');
  dataOf('logout', await send('POST', `${stack.auth}/v1/auth/logout`, { token: revokedToken }));
  return {
    credentials: { email, password },
    token: ada.token,
    revokedToken,
    conversationId: textOf(conversation, 'conversation_id'),
    statelessAuth: await statelessAuthOf(stack),
  };
}

async function register(stack: Stack) {
  const name = `validate_${randomUUID().slice(0, 8)}`;
  const password = randomUUID();
  const email = `${name}@example.com`;
  const body = { email, username: name, password, display_name: name };
  // On auth's own port: the gateway allows only five registrations a minute.
  const data = dataOf('register', await send('POST', `${stack.auth}/v1/auth/register`, { body }));
  const { user } = data;
  if (typeof user !== 'object' || user === null)
    throw new Error('the reply to register has no user');
  return {
    email,
    password,
    token: textOf(data, 'access_token'),
    userId: textOf({ ...user }, 'user_id'),
  };
}

/** Reads login's fallback from the degradation table. */
async function statelessAuthOf(stack: Stack): Promise<boolean> {
  const table = await send('GET', `${stack.auth}/v1/degraded`);
  const rows = dataOf('the table', table)['rows'];
  if (!Array.isArray(rows)) throw new Error('the reply to GET /v1/degraded has no rows');
  const row: unknown = rows.find((one: { route?: unknown }) => one.route === 'POST /v1/auth/login');
  return JSON.stringify(row).includes('fail open: local');
}
