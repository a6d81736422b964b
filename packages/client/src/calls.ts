export type { Call, CallChange, CallState } from './calls/call.ts';
export { CallOverError } from './calls/call-over-error.ts';
export type { CallEnd } from './calls/call-view.ts';
export { type Calls, type CallsOptions, type NewCall, openCalls } from './calls/calls.ts';
export type { DeviceChoice, LocalMedia, MediaOptions } from './calls/local-media.ts';
export { MediaError, type MediaErrorCode } from './calls/media-error.ts';
export type { Participant } from './calls/participants.ts';
