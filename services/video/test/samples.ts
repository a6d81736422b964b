import type { video } from '@secureconnect/contracts/endpoints';
import type { SamplesOf } from '@secureconnect/testkit';
import { hostControlSamples } from './host-control-samples.ts';
import { pushSamples, withDevice, withoutPushes } from './push-samples.ts';
import { qualitySamples } from './quality-samples.ts';
import { ringingSamples } from './ringing-samples.ts';
import { active, answered, conversation, ringing } from './sample-calls.ts';
import { sfuSamples } from './sfu-samples.ts';

/** A request for each row of video. */
export const videoSamples: SamplesOf<typeof video> = {
  'POST /v1/calls/initiate': [
    {
      status: 201,
      async prepare(world) {
        const { ada, bob, conversationId } = await conversation(world);
        await withDevice(world, bob);
        const body = { call_type: 'video', conversation_id: conversationId };
        const effect = [
          {
            count: `SELECT count(*) FROM video.calls JOIN video.call_participants USING (call_id)
              WHERE conversation_id = $1 AND host_id = $2 AND user_id = $3`,
            values: [conversationId, ada.userId, bob.userId],
          },
          // A push that Redis keeps waiting is stored all the same.
          {
            count: `SELECT count(*) FROM video.outbox WHERE kind = 'call_push_web' AND owner_id = $1`,
            values: [bob.userId],
          },
          // One that the request has begun is not due when the next sweep would begin it.
          {
            count: `SELECT count(*) FROM video.outbox WHERE kind = 'call_push_web' AND owner_id = $1
              AND due_at <> created_at + interval '2 seconds'`,
            values: [bob.userId],
            by: 'push',
          },
        ] as const;
        return { path: '/v1/calls/initiate', token: ada.token, body, effect };
      },
    },
    {
      // The live call of the conversation is joined; one that rings would be missed after 30 s.
      status: 201,
      ports: withoutPushes,
      async prepare(world) {
        const { eve, callId, conversationId } = await answered(world);
        const body = { call_type: 'audio', conversation_id: conversationId };
        const effect = {
          count: `SELECT count(*) FROM video.call_participants
            WHERE call_id = $1 AND user_id = $2 AND state = 'joined'`,
          values: [callId, eve.userId],
        };
        return { path: '/v1/calls/initiate', token: eve.token, body, effect };
      },
    },
  ],
  ...hostControlSamples,
  ...ringingSamples,
  ...pushSamples,
  ...qualitySamples,
  ...sfuSamples,
  'GET /v1/calls': {
    status: 200,
    async prepare(world) {
      const { bob } = await ringing(world);
      return { path: '/v1/calls', token: bob.token };
    },
  },
  'GET /v1/calls/:call_id': {
    status: 200,
    async prepare(world) {
      const { ada, callId } = await ringing(world);
      return { path: `/v1/calls/${callId}`, token: ada.token };
    },
  },
  'GET /v1/calls/:call_id/ice-servers': {
    status: 200,
    async prepare(world) {
      const { bob, callId } = await active(world);
      return { path: `/v1/calls/${callId}/ice-servers`, token: bob.token };
    },
  },
  'POST /v1/calls/:call_id/join': {
    status: 200,
    ports: withoutPushes,
    async prepare(world) {
      const { eve, callId } = await answered(world);
      const effect = {
        count: `SELECT count(*) FROM video.call_participants
          WHERE call_id = $1 AND user_id = $2 AND state = 'joined'`,
        values: [callId, eve.userId],
      };
      return { path: `/v1/calls/${callId}/join`, token: eve.token, effect };
    },
  },
  'POST /v1/calls/:call_id/end': {
    status: 200,
    ports: withoutPushes,
    async prepare(world) {
      const { ada, callId } = await active(world);
      const effect = {
        count: `SELECT count(*) FROM video.calls WHERE call_id = $1 AND status = 'ended'`,
        values: [callId],
      };
      return { path: `/v1/calls/${callId}/end`, token: ada.token, effect };
    },
  },
};
