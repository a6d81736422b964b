import { z } from 'zod';
import { ErrorFrame, FrameId, relayed } from './frames.ts';
import { text, Uuid } from './primitives.ts';

/** In code points; a description of many tracks and codecs has about 20,000. */
export const SDP_MAX_LENGTH = 64 * 1024;

/** Query of the WebSocket `/v1/ws/signaling`. */
export const SignalingSocketQuery = z.object({ call_id: Uuid });
export type SignalingSocketQuery = z.infer<typeof SignalingSocketQuery>;

/** `RTCSessionDescription.toJSON()` of the WebRTC standard; its `type` is that of the frame. */
export const SessionDescription = z.object({ sdp: text(1, SDP_MAX_LENGTH) });
export type SessionDescription = z.infer<typeof SessionDescription>;

/** `RTCIceCandidate.toJSON()`; an empty candidate ends the list. */
export const IceCandidate = z.object({
  candidate: text(0, 2048),
  sdpMid: text(0, 256).nullable().exactOptional(),
  sdpMLineIndex: z.int().min(0).max(65_535).nullable().exactOptional(),
  usernameFragment: text(0, 256).nullable().exactOptional(),
});
export type IceCandidate = z.infer<typeof IceCandidate>;

const Muted = z.object({ muted: z.boolean() });
const Nothing = z.object({});

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
]);
export type SignalingClientFrame = z.infer<typeof SignalingClientFrame>;

const received = { call_id: Uuid, to: Uuid.exactOptional(), ...relayed };

/** What the server sends on the signaling socket. */
export const SignalingServerFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('offer'), ...received, data: SessionDescription }),
  z.object({ type: z.literal('answer'), ...received, data: SessionDescription }),
  z.object({ type: z.literal('ice_candidate'), ...received, data: IceCandidate }),
  z.object({ type: z.literal('join'), ...received, data: Nothing }),
  z.object({ type: z.literal('leave'), ...received, data: Nothing }),
  z.object({ type: z.literal('mute_audio'), ...received, data: Muted }),
  z.object({ type: z.literal('mute_video'), ...received, data: Muted }),
  ErrorFrame,
]);
export type SignalingServerFrame = z.infer<typeof SignalingServerFrame>;
