import { failClosed } from '@secureconnect/degraded-mode';
import type { Mutation } from './mutation.ts';

const refusedByHandler = () => ({
  messages: failClosed({ retryAfterSeconds: 5, checkedAt: 'call' }),
});

/** A store that has no message, and takes any. */
const nowhere = { find: async () => undefined };

/** Rows of the message store that are served otherwise than they are declared. */
export const messageStoreMutations: readonly Mutation[] = [
  {
    what: 'pins are listed without asking for their messages',
    service: 'chat',
    route: 'GET /v1/messages/pinned',
    handle: (declared) => (request) => declared(request, { messages: nowhere }),
    said: /200 instead of 503/,
  },
  {
    what: 'a message is refused for longer',
    service: 'chat',
    route: 'POST /v1/messages',
    alterDown: () => ({ messages: failClosed({ retryAfterSeconds: 30 }) }),
    said: /Retry-After 30/,
  },
  {
    what: 'receipts are refused where their handler begins, not before',
    service: 'chat',
    route: 'GET /v1/messages/:message_id/receipts',
    alterDown: refusedByHandler,
    said: /mode: 'fail_closed'/,
  },
  {
    what: 'an edit is told as done, and stored nowhere',
    service: 'chat',
    route: 'PATCH /v1/messages/:message_id',
    alterDown: refusedByHandler,
    handle: () => async () => ({}),
    said: /200 instead of 503.*stored 0 times instead of 1/,
  },
  {
    what: 'a frame with a message is acknowledged, and stored nowhere',
    service: 'chat',
    route: 'WS /v1/ws/chat chat',
    alterDown: refusedByHandler,
    handle: () => async () => ({ type: 'ack' }),
    said: /to match object/,
  },
];
