import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { each } from '../support/each.ts';
import type { StoringServices } from './services.ts';

const atOnce = 16;
const membersOfGroup = 10;
/** Of a message, in characters, and of a file, in bytes. */
const contentLength = 100;
const fileBytes = 1000;

export interface Member {
  readonly userId: string;
  readonly token: string;
}

type Urls = StoringServices['urls'];

/** How often a request is sent; 503 means that nothing has happened, as on a busy machine. */
const maxTries = 20;
const retryMs = 250;

/** What a route answers with. Rejects if it refuses. */
async function ask(
  address: string,
  { token, body }: { readonly token?: string; readonly body: object },
): Promise<Record<string, unknown>> {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const send = () => fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  let reply = await send();
  for (let tries = 1; reply.status === 503 && tries < maxTries; tries += 1) {
    await delay(retryMs);
    reply = await send();
  }
  const text = await reply.text();
  if (!reply.ok) throw new Error(`POST ${address} answered ${reply.status}: ${text}`);
  return JSON.parse(text).data;
}

/** So many new users, each signed in once. */
export async function register({ auth }: Urls, count: number): Promise<Member[]> {
  const members: Member[] = [];
  const turns = Array.from({ length: count }, (_, turn) => turn);
  await each(turns, atOnce, async () => {
    const username = `u${randomUUID().replaceAll('-', '').slice(0, 20)}`;
    const password = randomUUID();
    const email = `${username}@example.com`;
    const body = { username, email, password, display_name: username };
    const { user, access_token: token } = await ask(`${auth}/v1/auth/register`, { body });
    members.push({ userId: String(Object(user)['user_id']), token: String(token) });
  });
  return members;
}

export interface Group {
  readonly conversationId: string;
  readonly members: readonly Member[];
}

/** Puts users into groups of ten. */
export async function group({ chat }: Urls, members: readonly Member[]): Promise<Group[]> {
  const groups: Group[] = [];
  const starts = members.map((_, index) => index).filter((index) => index % membersOfGroup === 0);
  await each(starts, atOnce, async (start) => {
    const some = members.slice(start, start + membersOfGroup);
    const [owner, ...others] = some;
    if (owner === undefined) return;
    const ids = others.map(({ userId }) => userId);
    const body = { type: 'group', name: 'a group', participant_ids: ids };
    const made = await ask(`${chat}/v1/conversations`, { token: owner.token, body });
    groups.push({ conversationId: String(made['conversation_id']), members: some });
  });
  return groups;
}

/** Has every member of every group say so much. */
export async function say(
  { chat }: Urls,
  groups: readonly Group[],
  messagesEach: number,
): Promise<number> {
  const turns = groups.flatMap(({ conversationId, members }) =>
    members.flatMap(({ token }) =>
      Array.from({ length: messagesEach }, () => ({ conversationId, token })),
    ),
  );
  await each(turns, atOnce, async ({ conversationId, token }) => {
    const content = randomUUID().repeat(4).slice(0, contentLength);
    const body = { conversation_id: conversationId, content };
    await ask(`${chat}/v1/messages`, { token, body });
  });
  return turns.length;
}

/** Has every user store a file. */
export async function store({ storage }: Urls, members: readonly Member[]): Promise<number> {
  await each(members, atOnce, async ({ token }) => {
    const body = { file_name: 'a.bin', file_size: fileBytes, content_type: 'application/x-bench' };
    const target = await ask(`${storage}/v1/storage/upload-url`, { token, body });
    const headers = target['headers'] as Record<string, string>;
    const bytes = new Uint8Array(fileBytes);
    const reply = await fetch(String(target['upload_url']), {
      method: 'PUT',
      headers,
      body: bytes,
    });
    if (!reply.ok) throw new Error(`an upload answered ${reply.status}`);
    const done = { file_id: target['file_id'] };
    await ask(`${storage}/v1/storage/upload-complete`, { token, body: done });
  });
  return members.length;
}
