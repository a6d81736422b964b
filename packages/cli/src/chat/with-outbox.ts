import type { Chat, ChatHandlers, Locks, Store } from '@secureconnect/client';
import type { CommandContext, GlobalOptions } from '../command.ts';
import { connectSignedIn } from '../session/connect.ts';
import { inMemory } from '../session/store-views.ts';
import { withResolvers } from '../terminal/with-resolvers.ts';

/** The place of `tail` in the log is not that of a command which only sends. */
const view = (kept: Store) => inMemory(kept, 'position/');

/**
 * Opens the outbox, which is sent meanwhile. One process at a time does so, as the order matters.
 * @param handlers of what becomes of the messages
 */
export async function whileSending<Result>(
  context: CommandContext,
  options: GlobalOptions,
  act: (chat: Chat) => Promise<Result>,
  handlers: ChatHandlers = {},
): Promise<Result> {
  const { client, locks } = await connectSignedIn(context, options, { view });
  return locks.hold('sending', context.signal, async () => {
    const failed = withResolvers<never>();
    const chat = await client.openChat({ ...handlers, onError: failed.reject });
    try {
      return await Promise.race([act(chat), failed.promise]);
    } finally {
      await client.close();
    }
  });
}

/** Opens the outbox without sending it. */
export async function atRest<Result>(
  context: CommandContext,
  options: GlobalOptions,
  act: (outbox: Chat['outbox']) => Promise<Result>,
): Promise<Result> {
  const { client } = await connectSignedIn(context, options, { view, locksOf: neverSending });
  const chat = await client.openChat();
  try {
    return await act(chat.outbox);
  } finally {
    await client.close();
  }
}

/** The process that sends holds the lock of the outbox; with these locks this one never gets it. */
function neverSending(locks: Locks): Locks {
  return {
    hold: (name, signal, act) =>
      name.startsWith('secureconnect/outbox/') && signal !== undefined
        ? untilAborted(signal)
        : locks.hold(name, signal, act),
  };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
