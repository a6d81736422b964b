import { z } from 'zod';
import { PartEndReason } from './call-frames.ts';
import { CallParticipantState } from './calls.ts';
import { ErrorFrame, FrameId, FrameMeta, relayed } from './frames.ts';
import { Timestamp, text, Uuid } from './primitives.ts';

/** In code points; a description of many tracks and codecs has about 20,000. */
export const SDP_MAX_LENGTH = 64 * 1024;

/** Query of the WebSocket `/v1/ws/signaling`. */
export const SignalingSocketQuery = z.object({ call_id: Uuid });
export type SignalingSocketQuery = z.infer<typeof SignalingSocketQuery>;

/** As `RTCSessionDescription.toJSON()` in the WebRTC standard, its `type` being the frame's. */
export const SessionDescription = z.object({
  sdp: text(1, SDP_MAX_LENGTH).meta({
    examples: ['v=0\r\no=- 46117317 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n'],
  }),
});
export type SessionDescription = z.infer<typeof SessionDescription>;

/** `RTCIceCandidate.toJSON()`; an empty candidate ends the list. */
export const IceCandidate = z.object({
  candidate: text(0, 2048).meta({
    examples: ['candidate:1 1 udp 2122260223 203.0.113.7 54321 typ host'],
  }),
  sdpMid: text(0, 256).nullable().exactOptional(),
  sdpMLineIndex: z.int().min(0).max(65_535).nullable().exactOptional(),
  usernameFragment: text(0, 256).nullable().exactOptional(),
});
export type IceCandidate = z.infer<typeof IceCandidate>;

const Muted = z.object({ muted: z.boolean().meta({ examples: [true] }) });
const Nothing = z.object({});

/** What the host asks a participant to switch off. */
export const MuteRequest = z.object({ media: z.enum(['audio', 'video']) });
export type MuteRequest = z.infer<typeof MuteRequest>;

const sent = { id: FrameId.exactOptional(), call_id: Uuid };
const sentToPeer = { ...sent, to: Uuid };
// Without `to`, these frames go to everybody in the call.
const sentToAny = { ...sent, to: Uuid.exactOptional() };

/** What a client may send on the signaling socket, by type. */
export const signalingClientFrames = {
  offer: z.object({ type: z.literal('offer'), ...sentToPeer, data: SessionDescription }),
  answer: z.object({ type: z.literal('answer'), ...sentToPeer, data: SessionDescription }),
  ice_candidate: z.object({ type: z.literal('ice_candidate'), ...sentToPeer, data: IceCandidate }),
  join: z.object({ type: z.literal('join'), ...sentToAny, data: Nothing.prefault({}) }),
  leave: z.object({ type: z.literal('leave'), ...sentToAny, data: Nothing.prefault({}) }),
  mute_audio: z.object({ type: z.literal('mute_audio'), ...sentToAny, data: Muted }),
  mute_video: z.object({ type: z.literal('mute_video'), ...sentToAny, data: Muted }),
  ping: z.object({ type: z.literal('ping'), id: FrameId.exactOptional() }),
};

/** Any frame that a client may send on the signaling socket. */
export const SignalingClientFrame = z.discriminatedUnion('type', [
  signalingClientFrames.offer,
  signalingClientFrames.answer,
  signalingClientFrames.ice_candidate,
  signalingClientFrames.join,
  signalingClientFrames.leave,
  signalingClientFrames.mute_audio,
  signalingClientFrames.mute_video,
  signalingClientFrames.ping,
]);
export type SignalingClientFrame = z.infer<typeof SignalingClientFrame>;

/** A frame that goes on to peers. */
export type RelayedFrame = Exclude<SignalingClientFrame, { readonly type: 'ping' }>;

/** Acknowledges a frame to its sender. */
export const SignalingAckFrame = z
  .object({
    type: z.literal('ack'),
    id: z.string().exactOptional(),
    meta: FrameMeta.exactOptional(),
  })
  .describe('The frame was accepted: relayed, or kept for a peer without a socket.');

const received = { call_id: Uuid, to: Uuid.exactOptional(), ...relayed };
/** What the server itself tells of a peer. */
const ofPeer = { call_id: Uuid, ...relayed };
/** What the server tells of the call. */
const ofCall = { call_id: Uuid, at: Timestamp };

const LostPeer = z.object({
  may_return_until: Timestamp.meta({ description: 'The place of the peer is kept until then.' }),
});
const PartEnded = z.object({
  reason: PartEndReason,
  state: CallParticipantState.meta({ description: 'Your own state in the call.' }),
});
const CallRules = z.object({
  host_id: Uuid.meta({ description: 'The user who may control the call.' }),
  locked: z.boolean().meta({ description: 'Whether nobody else may join.', examples: [false] }),
});

/** What the server sends on the signaling socket. */
export const SignalingServerFrame = z.discriminatedUnion('type', [
  z
    .object({ type: z.literal('offer'), ...received, data: SessionDescription })
    .describe(
      'A peer sends a session description and expects an answer. Of two peers whose offers cross, the one with the greater user id is polite: it takes back its own offer; the other one ignores the offer that it gets.',
    ),
  z
    .object({ type: z.literal('answer'), ...received, data: SessionDescription })
    .describe('A peer answers an offer.'),
  z
    .object({ type: z.literal('ice_candidate'), ...received, data: IceCandidate })
    .describe('A peer sends an ICE candidate.'),
  z
    .object({ type: z.literal('join'), ...received, data: Nothing })
    .describe(
      'A peer has joined the call, or announces that it is ready to connect. Participants who were there before connect to it.',
    ),
  z
    .object({ type: z.literal('leave'), ...received, data: Nothing })
    .describe('A peer has left the call, or announces that it disconnects.'),
  z
    .object({ type: z.literal('mute_audio'), ...received, data: Muted })
    .describe('A peer has switched the microphone off or on.'),
  z
    .object({ type: z.literal('mute_video'), ...received, data: Muted })
    .describe('A peer has switched the camera off or on.'),
  z
    .object({ type: z.literal('peer_left'), ...ofPeer, data: LostPeer })
    .describe(
      'A peer has lost its socket. It leaves the call unless it opens a new one in time; its media may go on.',
    ),
  z
    .object({ type: z.literal('peer_back'), ...ofPeer, data: Nothing })
    .describe(
      'A peer has a new socket in place of one that was lost, and frames to that one may be lost: send an open offer again.',
    ),
  z
    .object({ type: z.literal('mute_request'), ...received, data: MuteRequest })
    .describe('The host asks you to switch your microphone or camera off; your client does it.'),
  z
    .object({ type: z.literal('call_changed'), ...ofCall, data: CallRules })
    .describe('The call has a different host, or was locked or unlocked.'),
  z
    .object({ type: z.literal('call_ended'), ...ofCall, data: PartEnded })
    .describe('The call is over, or your part in it. The socket then closes with code 4404.'),
  SignalingAckFrame,
  ErrorFrame,
]);
export type SignalingServerFrame = z.infer<typeof SignalingServerFrame>;
