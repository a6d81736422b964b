import { ReactionParams } from '@secureconnect/contracts';
import { chat } from '@secureconnect/contracts/endpoints';
import type { FanOut } from '@secureconnect/realtime';
import { validate } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import { changeReaction } from '../operations/change-message.ts';
import { tell } from '../operations/tell.ts';
import type { MessageStore } from '../stores/message-store.ts';
import { keyOf, type MessageRequest, route, tellsOfMessages } from './route.ts';

interface ReactionRequest extends MessageRequest {
  readonly user: { readonly userId: string };
  readonly params: MessageRequest['params'] & { readonly emoji: string };
  readonly context: RouteContext;
}

interface ReactionPorts {
  readonly fanOut: FanOut;
  readonly messages: MessageStore;
}

/** Sets or removes the reaction that a request names. */
async function react(
  request: ReactionRequest,
  { fanOut, messages }: ReactionPorts,
  present: boolean,
) {
  const { user, params, context } = request;
  validate('params', ReactionParams, params);
  const key = keyOf(request);
  const change = await changeReaction(
    { ...context, messages },
    user.userId,
    key,
    params.emoji,
    present,
  );
  await tell(fanOut, change.event);
  return change.message;
}

export const reactionRoutes = {
  addReaction: route(chat.addReaction, tellsOfMessages, async (request, ports) =>
    react(request, ports, true),
  ),
  removeReaction: route(chat.removeReaction, tellsOfMessages, async (request, ports) =>
    react(request, ports, false),
  ),
};
