import type { Samples } from '@secureconnect/testkit';
import { withoutPushes } from './push-samples.ts';
import { answered, ringing } from './sample-calls.ts';

const stateOf = (callId: string, userId: string, state: string) => ({
  count: `SELECT count(*) FROM video.call_participants
    WHERE call_id = $1 AND user_id = $2 AND state = $3`,
  values: [callId, userId, state],
});

/** How often the devices of a user were told. */
const told = (callId: string, userId: string, type: string) => ({
  count: `SELECT count(*) FROM video.call_notices
    WHERE call_id = $1 AND user_id = $2 AND type = $3`,
  values: [callId, userId, type],
});

/** Requests that answer and stop a call. Of two callees one has answered; it rings for the other. */
export const ringingSamples = {
  'POST /v1/calls/:call_id/accept': {
    status: 200,
    ports: withoutPushes,
    async prepare(world) {
      const { eve, callId } = await answered(world);
      return {
        path: `/v1/calls/${callId}/accept`,
        token: eve.token,
        effect: stateOf(callId, eve.userId, 'joined'),
      };
    },
  },
  'POST /v1/calls/:call_id/decline': {
    status: 200,
    ports: withoutPushes,
    async prepare(world) {
      const { eve, callId } = await answered(world);
      return {
        path: `/v1/calls/${callId}/decline`,
        token: eve.token,
        effect: [stateOf(callId, eve.userId, 'declined'), told(callId, eve.userId, 'call_ended')],
      };
    },
  },
  'POST /v1/calls/:call_id/cancel': {
    status: 200,
    ports: withoutPushes,
    async prepare(world) {
      const { ada, bob, callId } = await ringing(world);
      return {
        path: `/v1/calls/${callId}/cancel`,
        token: ada.token,
        effect: [
          {
            count: `SELECT count(*) FROM video.calls
              WHERE call_id = $1 AND end_reason = 'cancelled'`,
            values: [callId],
          },
          told(callId, ada.userId, 'call_ended'),
          told(callId, bob.userId, 'call_ended'),
        ],
      };
    },
  },
} as const satisfies Samples;
