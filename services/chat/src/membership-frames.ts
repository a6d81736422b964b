import type { Delivery, Member } from '@secureconnect/realtime';
import { z } from 'zod';
import type { MembershipChange } from './stores/membership-changes.ts';

/** Every instance is in this room, which gets changes of memberships. */
export const membershipsRoom = 'memberships';

const Changed = z.object({ conversation_id: z.string(), user_ids: z.array(z.string()) });

/** Tells the other instances about a change; `self` excludes this one. */
export function membershipDelivery(
  { changeId, conversationId, userIds }: MembershipChange,
  self: Member,
): Delivery {
  const frame = { conversation_id: conversationId, user_ids: userIds };
  return { id: changeId, room: membershipsRoom, frame, exceptSocket: self.id };
}

/** The change in such a frame; undefined if the frame is invalid. */
export function readMembershipFrame(
  text: string | Buffer,
): Pick<MembershipChange, 'conversationId' | 'userIds'> | undefined {
  const { data } = Changed.safeParse(JSON.parse(String(text)));
  return data && { conversationId: data.conversation_id, userIds: data.user_ids };
}
