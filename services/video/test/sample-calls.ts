import { type KnownUser, type SampleWorld, textField } from '@secureconnect/testkit';

export interface SampleCall {
  readonly ada: KnownUser;
  readonly bob: KnownUser;
  readonly callId: string;
  readonly conversationId: string;
}

export async function conversation(world: SampleWorld) {
  const [ada, bob] = [await world.knownUser(), await world.knownUser()];
  const body = { type: 'direct', participant_ids: [bob.userId] };
  const made = await world.data('chat', 'POST', '/v1/conversations', { token: ada.token, body });
  return { ada, bob, conversationId: textField(made, 'conversation_id') };
}

export async function ringing(world: SampleWorld): Promise<SampleCall> {
  const { ada, bob, conversationId } = await conversation(world);
  const body = { call_type: 'audio', conversation_id: conversationId };
  const { token } = ada;
  const call = await world.data('video', 'POST', '/v1/calls/initiate', { token, body });
  const callId = textField(call, 'call_id');
  await world.keepRinging(callId);
  return { ada, bob, callId, conversationId };
}

export async function active(world: SampleWorld): Promise<SampleCall> {
  const call = await ringing(world);
  const { token } = call.bob;
  // A call that rings is missed after 30 s; one that was answered goes on.
  await world.data('video', 'POST', `/v1/calls/${call.callId}/join`, { token });
  return call;
}

/** A call to two that was answered by the one, and that the other may still come to. */
export async function answered(world: SampleWorld) {
  const [ada, bob, eve] = [
    await world.knownUser(),
    await world.knownUser(),
    await world.knownUser(),
  ];
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
  await world.keepRinging(callId);
  await world.data('video', 'POST', `/v1/calls/${callId}/join`, { token: bob.token });
  return { ada, bob, eve, callId, conversationId };
}
