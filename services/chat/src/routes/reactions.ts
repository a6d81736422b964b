import { ReactionParams } from '@secureconnect/contracts';
import { chat } from '@secureconnect/contracts/endpoints';
import type { FanOut } from '@secureconnect/realtime';
import { validate } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import { changeReaction } from '../operations/change-message.ts';
import { tell } from '../operations/tell.ts';
import { fanOutHere, keyOf, type MessageRequest, route } from './route.ts';

interface ReactionRequest extends MessageRequest {
  readonly user: { readonly userId: string };
  readonly params: MessageRequest['params'] & { readonly emoji: string };
  readonly context: ChatContext;
}

/** Sets or removes the reaction that a request names. */
async function react(request: ReactionRequest, fanOut: FanOut, present: boolean) {
  const { user, params, context } = request;
  validate('params', ReactionParams, params);
  const key = keyOf(request);
  const change = await changeReaction(context, user.userId, key, params.emoji, present);
  await tell(fanOut, change.event);
  return change.message;
}

export const reactionRoutes = {
  addReaction: route(chat.addReaction, fanOutHere, async (request, { fanOut }) =>
    react(request, fanOut, true),
  ),
  removeReaction: route(chat.removeReaction, fanOutHere, async (request, { fanOut }) =>
    react(request, fanOut, false),
  ),
};
