import { Call, CallControls } from '../../calls.ts';
import { endpoint } from '../../endpoint.ts';
import { MuteRequest } from '../../signaling-frames.ts';

const ofHost = { tag: 'Calls', auth: 'bearer', reply: Call } as const;

export const controlCall = endpoint({
  ...ofHost,
  route: 'PATCH /v1/calls/:call_id',
  id: 'controlCall',
  action: 'calls/control',
  summary: 'Lock or unlock a call that you host, or hand it over',
  description:
    'Nobody can join a locked call, and it stops ringing for users who have not answered; participants may open their socket again. The new host must be in the call. All sockets of the call receive call_changed.',
  body: CallControls,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const removeFromCall = endpoint({
  ...ofHost,
  route: 'DELETE /v1/calls/:call_id/participants/:user_id',
  id: 'removeFromCall',
  action: 'calls/remove a participant',
  summary: 'Remove a participant from a call that you host (idempotent)',
  description:
    'The participant receives call_ended with the reason removed, and cannot join this call again. Media between peers ends when their clients close the connection.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const muteInCall = endpoint({
  ...ofHost,
  route: 'POST /v1/calls/:call_id/participants/:user_id/mute',
  id: 'muteInCall',
  action: 'calls/mute a participant',
  summary: 'Ask a participant of a call that you host to switch microphone or camera off',
  description:
    'The sockets of the participant receive mute_request. It is a request: their client switches off and announces mute_audio or mute_video.',
  body: MuteRequest,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'PEER_AWAY'],
});
