import type { FanOut } from '@secureconnect/realtime';
import type { ChatContext } from '../context.ts';
import { storedEventDelivery } from '../frames.ts';
import { noteChange } from '../stores/conversations.ts';
import type { StoredEvent } from '../stores/message-store.ts';
import type { TimeUuid } from '../timeuuid.ts';

/** The id and the time of a change of which sockets will be told, noted at its conversation. */
export async function stampChange(
  { database, timeUuids }: ChatContext,
  conversationId: string,
): Promise<TimeUuid> {
  const stamp = timeUuids.next();
  await noteChange(database, conversationId, stamp.at, { said: false });
  return stamp;
}

/**
 * Tells the sockets of a conversation what was logged; nothing where nothing had changed.
 * @param exceptSocket the id of the socket that has its answer already
 */
export async function tell(
  fanOut: FanOut,
  event: StoredEvent | undefined,
  exceptSocket?: string,
): Promise<void> {
  if (event !== undefined) await fanOut.deliver(storedEventDelivery(event, exceptSocket));
}
