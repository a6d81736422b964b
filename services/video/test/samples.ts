import { type Samples, type SampleUser, type SampleWorld, textField } from '@secureconnect/testkit';

interface SampleCall {
  readonly ada: SampleUser;
  readonly bob: SampleUser;
  readonly callId: string;
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
  return { ada, bob, callId: textField(call, 'call_id') };
}

async function active(world: SampleWorld): Promise<SampleCall> {
  const call = await ringing(world);
  const { token } = call.bob;
  // A call that rings is missed after 30 s; one that was answered goes on.
  await world.data('video', 'POST', `/v1/calls/${call.callId}/join`, { token });
  return call;
}

/** A request for each row of video. */
export const videoSamples: Samples = {
  'POST /v1/calls/initiate': {
    status: 201,
    async prepare(world) {
      const { ada, conversationId } = await conversation(world);
      const body = { call_type: 'video', conversation_id: conversationId };
      return { path: '/v1/calls/initiate', token: ada.token, body };
    },
  },
  'GET /v1/calls/:call_id': {
    status: 200,
    async prepare(world) {
      const { ada, callId } = await ringing(world);
      return { path: `/v1/calls/${callId}`, token: ada.token };
    },
  },
  'POST /v1/calls/:call_id/join': {
    status: 200,
    async prepare(world) {
      const { bob, callId } = await active(world);
      return { path: `/v1/calls/${callId}/join`, token: bob.token };
    },
  },
  'POST /v1/calls/:call_id/end': {
    status: 200,
    async prepare(world) {
      const { ada, callId } = await active(world);
      return { path: `/v1/calls/${callId}/end`, token: ada.token };
    },
  },
};
