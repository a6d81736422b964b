import { type KnownUser, type SampleWorld, textField } from '@secureconnect/testkit';

export interface SampleConversation {
  readonly ada: KnownUser;
  readonly bob: KnownUser;
  readonly conversationId: string;
}

/** A group of ada, its owner, and bob. */
export async function conversation(world: SampleWorld): Promise<SampleConversation> {
  const [ada, bob] = [await world.knownUser(), await world.knownUser()];
  const body = { type: 'group', title: 'Sample', participant_ids: [bob.userId] };
  const data = await world.data('chat', 'POST', '/v1/conversations', { token: ada.token, body });
  return { ada, bob, conversationId: textField(data, 'conversation_id') };
}

export interface SampleMessage extends SampleConversation {
  readonly messageId: string;
  /** Below `/v1/messages/`, with its conversation: `path('/pin')`. */
  path(below?: string): string;
}

/** A message that ada has said to bob in their group. */
export async function message(world: SampleWorld): Promise<SampleMessage> {
  const made = await conversation(world);
  const body = { conversation_id: made.conversationId, content: 'Hello there.' };
  const data = await world.data('chat', 'POST', '/v1/messages', { token: made.ada.token, body });
  const messageId = textField(data, 'message_id');
  const query = `conversation_id=${made.conversationId}`;
  return { ...made, messageId, path: (below = '') => `/v1/messages/${messageId}${below}?${query}` };
}
