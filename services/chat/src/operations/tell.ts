import type { FanOut } from '@secureconnect/realtime';
import type { RouteContext } from '../context.ts';
import { storedEventDelivery } from '../frames.ts';
import { noteChange } from '../stores/conversations.ts';
import type { StoredEvent } from '../stores/message-store.ts';
import type { TimeUuid } from '../timeuuid.ts';

/** Returns the id and the time of a change to send to sockets, and notes it at its conversation. */
export async function stampChange(
  { database, timeUuids }: RouteContext,
  conversationId: string,
): Promise<TimeUuid> {
  const stamp = timeUuids.next();
  await noteChange(database, conversationId, stamp.at, { said: false });
  return stamp;
}

/**
 * Sends a logged event to the sockets of a conversation; does nothing without an event.
 * @param exceptSocket the id of the socket that already has its answer
 */
export async function tell(
  fanOut: FanOut,
  event: StoredEvent | undefined,
  exceptSocket?: string,
): Promise<void> {
  if (event !== undefined) await fanOut.deliver(storedEventDelivery(event, exceptSocket));
}
