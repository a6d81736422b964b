import { randomUUID } from 'node:crypto';
import type { Sql } from '@secureconnect/postgres';
import { textField } from '@secureconnect/testkit';
import { createTokenSigner } from '@secureconnect/tokens';

/** The users who hold sockets and send. */
export interface Person {
  readonly userId: string;
  readonly token: string;
  readonly conversationId: string;
}

const groupSize = 10;
const tokenSeconds = 24 * 3600;

/** Makes so many users in SQL and puts each into one group of ten, over chat's own route. */
export async function makePeople(
  database: Sql,
  chatUrl: string,
  { jwtSecret, count }: { readonly jwtSecret: string; readonly count: number },
): Promise<Person[]> {
  const sign = createTokenSigner({ secret: jwtSecret });
  const people: Person[] = [];
  for (let from = 0; from < count; from += groupSize) {
    const userIds = Array.from({ length: Math.min(groupSize, count - from) }, () => randomUUID());
    for (const userId of userIds) await insertUser(database, userId);
    const tokens = userIds.map(
      (userId) =>
        sign({ userId, sessionId: randomUUID(), role: 'user', lifetimeSeconds: tokenSeconds })
          .token,
    );
    const conversationId = await makeGroup(chatUrl, tokens[0] ?? '', userIds.slice(1));
    for (const [index, userId] of userIds.entries()) {
      people.push({ userId, token: tokens[index] ?? '', conversationId });
    }
  }
  return people;
}

async function insertUser(database: Sql, userId: string): Promise<void> {
  const username = `u${userId.replaceAll('-', '').slice(0, 20)}`;
  await database.execute(
    `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
     VALUES ($1, $2, $3, $3, $3, '')`,
    [userId, `${username}@example.com`, username],
  );
}

async function makeGroup(
  chatUrl: string,
  token: string,
  participantIds: readonly string[],
): Promise<string> {
  const response = await fetch(`${chatUrl}/v1/conversations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'group', title: 'soak', participant_ids: participantIds }),
  });
  const reply = await response.text();
  if (response.status !== 201) throw new Error(`a group was not made: ${reply}`);
  return textField(JSON.parse(reply).data, 'conversation_id');
}
