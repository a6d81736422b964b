import type { chat } from '@secureconnect/contracts/endpoints';
import { type SamplesOf, type StoredEffect, textField } from '@secureconnect/testkit';
import { message, type SampleMessage } from './sample-scenes.ts';

const thumb = '👍';
const reactionPath = `/reactions/${encodeURIComponent(thumb)}`;

/** The message is as a condition says; `$2` is `value`. */
function nowIs({ messageId }: SampleMessage, condition: string, value: string): StoredEffect {
  const count = `SELECT count(*) FROM chat.messages WHERE message_id = $1 AND ${condition}`;
  return { count, values: [messageId, value] };
}

const reactionOf = (said: SampleMessage, present: boolean): StoredEffect =>
  nowIs(said, `${present ? '' : 'NOT '}$2 = ANY(reactions)`, `${thumb} ${said.bob.userId}`);

/** Requests to the rows of one message. */
export const messageSamples = {
  'PATCH /v1/messages/:message_id': {
    status: 200,
    async prepare(world) {
      const said = await message(world);
      const body = { content: 'Hello again.' };
      const effect = nowIs(said, 'content = $2 AND edited_at IS NOT NULL', body.content);
      return { path: said.path(), token: said.ada.token, body, effect };
    },
  },
  'DELETE /v1/messages/:message_id': {
    status: 200,
    async prepare(world) {
      const said = await message(world);
      const effect = nowIs(said, 'content = $2 AND deleted_at IS NOT NULL', '');
      return { path: said.path(), token: said.ada.token, effect };
    },
  },
  'POST /v1/messages/:message_id/forward': {
    status: 200,
    async prepare(world) {
      const { ada, path } = await message(world);
      const { userId } = await world.knownUser();
      const direct = { type: 'direct', participant_ids: [userId] };
      const request = { token: ada.token, body: direct };
      const made = await world.data('chat', 'POST', '/v1/conversations', request);
      const target = textField(made, 'conversation_id');
      const effect = {
        count: 'SELECT count(*) FROM chat.messages WHERE conversation_id = $1 AND content = $2',
        values: [target, 'Hello there.'],
      };
      const body = { to_conversation_ids: [target] };
      return { path: path('/forward'), token: ada.token, body, effect };
    },
  },
  'PUT /v1/messages/:message_id/reactions/:emoji': {
    status: 200,
    async prepare(world) {
      const said = await message(world);
      const effect = reactionOf(said, true);
      return { path: said.path(reactionPath), token: said.bob.token, effect };
    },
  },
  'DELETE /v1/messages/:message_id/reactions/:emoji': {
    status: 200,
    async prepare(world) {
      const said = await message(world);
      const { token } = said.bob;
      await world.data('chat', 'PUT', said.path(reactionPath), { token });
      return { path: said.path(reactionPath), token, effect: reactionOf(said, false) };
    },
  },
  'POST /v1/messages/:message_id/read': {
    status: 200,
    async prepare(world) {
      const { bob, messageId, conversationId, path } = await message(world);
      const effect = {
        count: `SELECT count(*) FROM chat.participants
          WHERE conversation_id = $1 AND user_id = $2 AND read_message_id = $3`,
        values: [conversationId, bob.userId, messageId],
      };
      return { path: path('/read'), token: bob.token, effect };
    },
  },
  'GET /v1/messages/:message_id/receipts': {
    status: 200,
    async prepare(world) {
      const { ada, path } = await message(world);
      return { path: path('/receipts'), token: ada.token };
    },
  },
} satisfies Partial<SamplesOf<typeof chat>>;
