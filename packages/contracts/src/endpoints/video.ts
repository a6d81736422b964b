import {
  CALLEES_MAX,
  Call,
  CallPage,
  CallsQuery,
  IceServers,
  NewCall,
  SFU_CALLEES_MAX,
} from '../calls.ts';
import { endpoint, frame, socket } from '../endpoint.ts';
import {
  SignalingAckFrame,
  SignalingServerFrame,
  SignalingSocketQuery,
  signalingClientFrames,
} from '../signaling-frames.ts';

export { controlCall, muteInCall, removeFromCall } from './video/host-controls.ts';
export * from './video/push.ts';
export * from './video/sfu.ts';

export const initiateCall = endpoint({
  route: 'POST /v1/calls/initiate',
  id: 'initiateCall',
  action: 'calls/initiate',
  tag: 'Calls',
  summary: 'Call some or all participants of a conversation',
  description: `The call rings for 30 seconds. Without callee_ids it goes to everybody else in the conversation, at most ${CALLEES_MAX}, or ${SFU_CALLEES_MAX} where the topology is sfu. Callees who are in another call miss it. If the conversation has a live call, you join that call instead, whatever its topology, so a retry creates no second call.`,
  auth: 'bearer',
  body: NewCall,
  reply: Call,
  status: 201,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
  limit: { bucket: 'initiate', perMinute: 10, countedBy: 'user' },
});

export const getCall = endpoint({
  route: 'GET /v1/calls/:call_id',
  id: 'getCall',
  action: 'calls',
  tag: 'Calls',
  summary: 'Get a call that you started or were called to',
  description:
    'For users who still take part in its conversation. `ice_servers` is empty; they come with joining the call, and from GET /v1/calls/{call_id}/ice-servers.',
  auth: 'bearer',
  reply: Call,
  errors: ['NOT_FOUND'],
});

export const listCalls = endpoint({
  route: 'GET /v1/calls',
  id: 'listCalls',
  action: 'calls/list',
  tag: 'Calls',
  summary: 'List the calls that you started or were called to, the newest first',
  description:
    'Lists live and past calls, without those of conversations that you no longer take part in.',
  auth: 'bearer',
  query: CallsQuery,
  reply: CallPage,
  errors: [],
});

export const acceptCall = endpoint({
  route: 'POST /v1/calls/:call_id/accept',
  id: 'acceptCall',
  action: 'calls/accept',
  tag: 'Calls',
  summary: 'Answer a call that rings (idempotent per device)',
  description:
    'Your other devices stop ringing. Refused with CONFLICT where another device of yours has answered, or the call is over. To come to a call later, or again, join it.',
  auth: 'bearer',
  reply: Call,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
  limit: { bucket: 'join', perMinute: 10, countedBy: 'user' },
});

export const declineCall = endpoint({
  route: 'POST /v1/calls/:call_id/decline',
  id: 'declineCall',
  action: 'calls/decline',
  tag: 'Calls',
  summary: 'Decline a call that rings (idempotent)',
  description:
    'Your other devices stop ringing; the call ends if nobody else can answer. Refused with CONFLICT where you have answered, or the call is over.',
  auth: 'bearer',
  reply: Call,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const cancelCall = endpoint({
  route: 'POST /v1/calls/:call_id/cancel',
  id: 'cancelCall',
  action: 'calls/cancel',
  tag: 'Calls',
  summary: 'Stop a call that you started and nobody has answered (idempotent)',
  description:
    'Refused with FORBIDDEN for everybody else, and with CONFLICT where somebody has answered, or the call is over; then end it.',
  auth: 'bearer',
  reply: Call,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const joinCall = endpoint({
  route: 'POST /v1/calls/:call_id/join',
  id: 'joinCall',
  action: 'calls/join',
  tag: 'Calls',
  summary: 'Answer or rejoin a call (idempotent)',
  description: 'The other participants receive a join frame.',
  auth: 'bearer',
  reply: Call,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
  limit: { bucket: 'join', perMinute: 10, countedBy: 'user' },
});

export const endCall = endpoint({
  route: 'POST /v1/calls/:call_id/end',
  id: 'endCall',
  action: 'calls/end',
  tag: 'Calls',
  summary: 'Leave a call, or end it for everybody if you are its host (idempotent)',
  description:
    'The other participants receive a leave frame, or call_ended if the call is over for them too.',
  auth: 'bearer',
  reply: Call,
  errors: ['NOT_FOUND'],
});

export const getIceServers = endpoint({
  route: 'GET /v1/calls/:call_id/ice-servers',
  id: 'getIceServers',
  action: 'calls/ice-servers',
  tag: 'Calls',
  summary: 'Get STUN and TURN servers for a call that you are in',
  description:
    'The credential of the TURN server expires soon; ask again after renew_in seconds while the call lasts. To use a new credential, give it to setConfiguration and restart ICE.',
  auth: 'bearer',
  reply: IceServers,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const signalingSocket = socket({
  route: 'WS /v1/ws/signaling',
  id: 'signalingSocket',
  action: 'the signaling socket',
  tag: 'Sockets',
  summary: 'Open a WebSocket that relays the signaling frames of one call',
  description:
    'A socket that is lost may be opened again for 30 seconds; without one, you leave the call. A new socket of your session replaces the earlier one. When the call has ended or you are no longer in it, you receive call_ended, and the server closes the socket with code 4404.',
  auth: 'bearer',
  query: SignalingSocketQuery,
  sends: SignalingServerFrame,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

/** The common part of frames between peers. */
const relayed = { tag: 'Sockets', errors: ['FORBIDDEN', 'NOT_FOUND', 'PEER_AWAY'] } as const;

export const signalOffer = frame(signalingSocket, {
  ...relayed,
  type: 'offer',
  id: 'signalOffer',
  action: 'signaling offer',
  summary: 'Send a session description to a peer, which answers it',
  description:
    'If the peer has no socket, the newest offer is kept for 30 seconds, with the candidates that follow it, and delivered when the peer opens one.',
  frame: signalingClientFrames.offer,
});

export const signalAnswer = frame(signalingSocket, {
  ...relayed,
  type: 'answer',
  id: 'signalAnswer',
  action: 'signaling answer',
  summary: 'Answer the offer of a peer with a session description',
  description:
    '`to` names the peer. In contrast to an offer, an answer is not kept for a peer without a socket: it is refused with PEER_AWAY.',
  frame: signalingClientFrames.answer,
});

export const signalIceCandidate = frame(signalingSocket, {
  ...relayed,
  type: 'ice_candidate',
  id: 'signalIceCandidate',
  action: 'signaling ice_candidate',
  summary: 'Send an ICE candidate to a peer; an empty candidate ends the list',
  description:
    'For a peer without a socket, a candidate is kept only if it follows an offer that is kept.',
  frame: signalingClientFrames.ice_candidate,
});

export const signalJoin = frame(signalingSocket, {
  ...relayed,
  type: 'join',
  id: 'signalJoin',
  action: 'signaling join',
  summary: 'Announce to one peer or to all that you are ready to connect',
  description: 'The call does not change; to join it, use POST /v1/calls/{call_id}/join.',
  frame: signalingClientFrames.join,
});

export const signalLeave = frame(signalingSocket, {
  ...relayed,
  type: 'leave',
  id: 'signalLeave',
  action: 'signaling leave',
  summary: 'Announce to one peer or to all that you disconnect',
  description: 'The call does not change; to leave it, use POST /v1/calls/{call_id}/end.',
  frame: signalingClientFrames.leave,
});

export const signalMuteAudio = frame(signalingSocket, {
  ...relayed,
  type: 'mute_audio',
  id: 'signalMuteAudio',
  action: 'signaling mute_audio',
  summary: 'Announce to one peer or to all that your microphone is muted or on again',
  description:
    'Peers are only told; your client switches the microphone. Without `to`, the frame goes to everybody in the call.',
  frame: signalingClientFrames.mute_audio,
});

export const signalMuteVideo = frame(signalingSocket, {
  ...relayed,
  type: 'mute_video',
  id: 'signalMuteVideo',
  action: 'signaling mute_video',
  summary: 'Announce to one peer or to all that your camera is off or on again',
  description:
    'Peers are only told; your client switches the camera. Without `to`, the frame goes to everybody in the call.',
  frame: signalingClientFrames.mute_video,
});

export const signalPing = frame(signalingSocket, {
  type: 'ping',
  id: 'signalPing',
  action: 'probing the signaling socket',
  tag: 'Sockets',
  summary: 'Find out whether the connection is alive',
  description:
    'Web pages neither see nor send the pings of the protocol, and are not told of a connection that is dead without a word.',
  frame: signalingClientFrames.ping,
  answer: SignalingAckFrame,
  errors: [],
});

export * from './video/call-quality.ts';
