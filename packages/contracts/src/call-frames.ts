import { z } from 'zod';
import { CallEndReason, CallParticipantState, CallType } from './calls.ts';
import { relayed } from './frames.ts';
import { Timestamp, Uuid } from './primitives.ts';

/** Why a user's part in a call ended: with the call, or before its end. */
export const PartEndReason = z.enum([...CallEndReason.options, 'removed', 'left', 'locked']);
export type PartEndReason = z.infer<typeof PartEndReason>;

const Ringing = z.object({
  call_id: Uuid,
  call_type: CallType,
  ring_until: Timestamp.meta({ description: 'When the call is missed.' }),
});
export type Ringing = z.infer<typeof Ringing>;

const Answered = z.object({ call_id: Uuid });
export type Answered = z.infer<typeof Answered>;

const Ended = z.object({
  call_id: Uuid,
  reason: PartEndReason,
  state: CallParticipantState.meta({ description: 'Your own state in the call.' }),
});
export type Ended = z.infer<typeof Ended>;

const common = { conversation_id: Uuid };

/** What all devices of a user are told of their calls, over sockets for all conversations. */
export const callServerFrames = [
  z
    .object({ type: z.literal('call_ringing'), ...common, ...relayed, data: Ringing })
    .describe('A user is calling you.'),
  z
    .object({ type: z.literal('call_answered'), ...common, ...relayed, data: Answered })
    .describe('A participant has answered, or you have on one of your devices.'),
  z
    .object({ type: z.literal('call_ended'), ...common, at: Timestamp, data: Ended })
    .describe('The call is over, or your part in it; sent once for each call.'),
] as const;
