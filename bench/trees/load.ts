import type { Tree } from './tree.ts';

/** A user of a tree, with a conversation that they may write to. */
export interface Member {
  readonly token: string;
  readonly conversationId: string;
}

/** What is asked of a tree, again and again, and whose processor time it costs. */
export interface Workload {
  readonly name: string;
  readonly service: 'gateway' | 'chat';
  request(tree: Tree, member: Member): Promise<Response>;
}

const json = { 'content-type': 'application/json' };
const bearer = ({ token }: Member) => ({ authorization: `Bearer ${token}` });

export const workloads: readonly Workload[] = [
  {
    name: 'gateway: `GET /v1/users/me`',
    service: 'gateway',
    request: (tree, member) =>
      fetch(`${tree.urlOf('gateway')}/v1/users/me`, { headers: bearer(member) }),
  },
  {
    name: 'chat: `GET /v1/messages`',
    service: 'chat',
    request: (tree, member) =>
      fetch(`${tree.urlOf('chat')}/v1/messages?conversation_id=${member.conversationId}`, {
        headers: bearer(member),
      }),
  },
  {
    name: 'chat: `POST /v1/messages`',
    service: 'chat',
    request: (tree, member) =>
      fetch(`${tree.urlOf('chat')}/v1/messages`, {
        method: 'POST',
        headers: { ...json, ...bearer(member) },
        body: JSON.stringify({ conversation_id: member.conversationId, content: 'hello' }),
      }),
  },
];

/** Registers users past the gateway, which would limit that. */
export async function members(tree: Tree, count: number): Promise<Member[]> {
  const made: Member[] = [];
  const register = async (name: string): Promise<string> => {
    const person = { username: name, email: `${name}@example.org`, display_name: name };
    const body = JSON.stringify({ ...person, password: 'correct horse battery' });
    const url = `${tree.urlOf('auth')}/v1/auth/register`;
    const { data } = await read(await fetch(url, { method: 'POST', headers: json, body }));
    return data.access_token;
  };
  await register('friend');
  for (let number = 0; number < count; number += 1) {
    const token = await register(`member${number}`);
    const body = JSON.stringify({ type: 'direct', participants: [{ username: 'friend' }] });
    const headers = { ...json, authorization: `Bearer ${token}` };
    const url = `${tree.urlOf('chat')}/v1/conversations`;
    const { data } = await read(await fetch(url, { method: 'POST', headers, body }));
    made.push({ token, conversationId: data.conversation_id });
  }
  return made;
}

interface Reply {
  readonly data: {
    readonly access_token: string;
    readonly conversation_id: string;
  };
}

async function read(response: Response): Promise<Reply> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Reply;
}

/**
 * Sends `count` requests, `atOnce` at a time, from the members in turn. Rejects for any reply that
 * is not a success, so that no refusal counts as work done.
 */
export async function load(
  workload: Workload,
  tree: Tree,
  from: readonly Member[],
  { count, atOnce }: { count: number; atOnce: number },
): Promise<void> {
  let sent = 0;
  const sendOn = async (): Promise<void> => {
    while (sent < count) {
      const member = from[sent % from.length];
      sent += 1;
      if (member === undefined) throw new Error('there is no member');
      const response = await workload.request(tree, member);
      const text = await response.text();
      if (!response.ok) throw new Error(`${workload.name}: ${response.status} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sendOn));
}
