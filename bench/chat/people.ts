import { randomUUID } from 'node:crypto';
import { openDatabase } from '@secureconnect/postgres';
import { createTokenSigner } from '@secureconnect/tokens';
import type { Settings } from './subjects/subject.ts';

/** A conversation and the tokens of the people in it. */
export interface Group {
  readonly conversationId: string;
  readonly tokens: readonly string[];
}

const tokenSeconds = 3600;

/** Makes so many users in SQL, and a group of them all over chat's own route. */
export async function makeGroup(
  { databaseUrl, jwtSecret }: Settings,
  chatUrl: string,
  people: number,
): Promise<Group> {
  const userIds = Array.from({ length: people }, () => randomUUID());
  await insertUsers(databaseUrl, userIds);
  const sign = createTokenSigner({ secret: jwtSecret });
  const tokens = userIds.map((userId) => {
    const session = { sessionId: randomUUID(), role: 'user', lifetimeSeconds: tokenSeconds };
    return sign({ userId, ...session }).token;
  });
  const response = await fetch(`${chatUrl}/v1/conversations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[0] ?? ''}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'group', title: 'bench', participant_ids: userIds.slice(1) }),
  });
  const reply = await response.text();
  if (response.status !== 201) throw new Error(`the group was not made: ${reply}`);
  return { conversationId: String(JSON.parse(reply).data.conversation_id), tokens };
}

async function insertUsers(databaseUrl: string, userIds: readonly string[]): Promise<void> {
  const database = openDatabase({ url: databaseUrl, maxConnections: 1 });
  try {
    await database.execute(
      `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
       SELECT id, name || '@example.com', name, name, name, ''
       FROM unnest($1::uuid[]) id, LATERAL (SELECT 'u' || left(replace(id::text, '-', ''), 20)) n(name)`,
      [userIds],
    );
  } finally {
    await database.close();
  }
}
