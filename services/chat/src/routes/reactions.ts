import { Message, MessageQuery, ReactionParams } from '@secureconnect/contracts';
import type { FanOut } from '@secureconnect/realtime';
import { validate } from '@secureconnect/service';
import { changeReaction } from '../change-message.ts';
import type { ChatContext } from '../context.ts';
import { tell } from '../tell.ts';
import { fanOutHere, keyOf, type MessageRequest, messagePath, route } from './route.ts';

const path = `${messagePath}/reactions/:emoji` as const;

interface ReactionRequest extends MessageRequest {
  readonly user: { readonly userId: string };
  readonly params: MessageRequest['params'] & { readonly emoji: string };
  readonly context: ChatContext;
}

/** Sets or takes back the reaction that a request names. */
async function react(request: ReactionRequest, fanOut: FanOut, present: boolean) {
  const { user, params, context } = request;
  validate('params', ReactionParams, params);
  const key = keyOf(request);
  const change = await changeReaction(context, user.userId, key, params.emoji, present);
  await tell(fanOut, change.event);
  return change.message;
}

export const reactionRoutes = [
  route.put(
    path,
    {
      operation: 'reacting to messages',
      summary: 'Reacts to a message; once more changes nothing',
      auth: 'bearer',
      query: MessageQuery,
      reply: Message,
      whenRedisDown: fanOutHere,
    },
    async (request, { fanOut }) => react(request, fanOut, true),
  ),
  route.delete(
    path,
    {
      operation: 'taking reactions back',
      summary: 'Takes a reaction back; where there is none, nothing happens',
      auth: 'bearer',
      query: MessageQuery,
      reply: Message,
      whenRedisDown: fanOutHere,
    },
    async (request, { fanOut }) => react(request, fanOut, false),
  ),
];
