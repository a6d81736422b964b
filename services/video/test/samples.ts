import type { video } from '@secureconnect/contracts/endpoints';
import {
  type SamplesOf,
  type SampleUser,
  type SampleWorld,
  textField,
} from '@secureconnect/testkit';

interface SampleCall {
  readonly ada: SampleUser;
  readonly bob: SampleUser;
  readonly callId: string;
  readonly conversationId: string;
}

async function conversation(world: SampleWorld) {
  const [ada, bob] = [await world.user(), await world.user()];
  const body = { type: 'direct', participant_ids: [bob.userId] };
  const made = await world.data('chat', 'POST', '/v1/conversations', { token: ada.token, body });
  return { ada, bob, conversationId: textField(made, 'conversation_id') };
}

async function ringing(world: SampleWorld): Promise<SampleCall> {
  const { ada, bob, conversationId } = await conversation(world);
  const body = { call_type: 'audio', conversation_id: conversationId };
  const { token } = ada;
  const call = await world.data('video', 'POST', '/v1/calls/initiate', { token, body });
  return { ada, bob, callId: textField(call, 'call_id'), conversationId };
}

async function active(world: SampleWorld): Promise<SampleCall> {
  const call = await ringing(world);
  const { token } = call.bob;
  // A call that rings is missed after 30 s; one that was answered goes on.
  await world.data('video', 'POST', `/v1/calls/${call.callId}/join`, { token });
  return call;
}

/** A call to two that was answered by the one, and that the other may still come to. */
async function answered(world: SampleWorld) {
  const [ada, bob, eve] = [await world.user(), await world.user(), await world.user()];
  const participants = [bob.userId, eve.userId];
  const group = { type: 'group', title: 'Sample', participant_ids: participants };
  const made = await world.data('chat', 'POST', '/v1/conversations', {
    token: ada.token,
    body: group,
  });
  const conversationId = textField(made, 'conversation_id');
  const body = { call_type: 'audio', conversation_id: conversationId };
  const call = await world.data('video', 'POST', '/v1/calls/initiate', { token: ada.token, body });
  const callId = textField(call, 'call_id');
  await world.data('video', 'POST', `/v1/calls/${callId}/join`, { token: bob.token });
  return { eve, callId, conversationId };
}

/** A request for each row of video. */
export const videoSamples: SamplesOf<typeof video> = {
  'POST /v1/calls/initiate': [
    {
      status: 201,
      // Nobody is told of a new call: it has no sockets yet.
      ports: ['revocations'],
      async prepare(world) {
        const { ada, bob, conversationId } = await conversation(world);
        const body = { call_type: 'video', conversation_id: conversationId };
        const effect = {
          count: `SELECT count(*) FROM video.calls JOIN video.call_participants USING (call_id)
            WHERE conversation_id = $1 AND host_id = $2 AND user_id = $3`,
          values: [conversationId, ada.userId, bob.userId],
        };
        return { path: '/v1/calls/initiate', token: ada.token, body, effect };
      },
    },
    {
      // The live call of the conversation is joined; one that rings would be missed after 30 s.
      status: 201,
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
