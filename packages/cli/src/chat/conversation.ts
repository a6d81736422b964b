import { usageErrorExpecting } from '../errors.ts';
import type { Connection } from '../session/connect.ts';

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export const conversationHelp =
  'the id of a conversation, or @NAME for the direct conversation with a user, which begins if there is none';

/**
 * The id of the conversation that somebody names.
 * @throws UsageError, RouteError
 */
export async function conversationIdOf(
  name: string,
  request: Connection['request'],
  signal: AbortSignal,
): Promise<string> {
  if (uuid.test(name)) return name.toLowerCase();
  if (!/^@./.test(name))
    throw usageErrorExpecting('The conversation', name, 'an id, or @ and the name of a user');
  const body = { type: 'direct' as const, participants: [{ username: name.slice(1) }] };
  const { conversation_id: id } = await request('POST /v1/conversations', { body }, { signal });
  return id;
}
