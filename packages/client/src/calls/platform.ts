/**
 * The parts of WebRTC that are used. In a browser these are the browser's own types; in Node.js, which
 * has none of them, they say what an implementation must have to be given as an option.
 */
type OfPlatform<Name extends string, Otherwise> =
  typeof globalThis extends Record<Name, { readonly prototype: infer Own }> ? Own : Otherwise;

export type MediaTrack = OfPlatform<'MediaStreamTrack', MinimalTrack>;
export type Media = OfPlatform<'MediaStream', MinimalStream>;
export type Devices = OfPlatform<'MediaDevices', MinimalDevices>;
export type PeerConnection = OfPlatform<'RTCPeerConnection', MinimalConnection>;
export type Sender = OfPlatform<'RTCRtpSender', MinimalSender>;
export type Device = OfPlatform<'MediaDeviceInfo', MinimalDevice>;
export type ReceivedTrack = OfPlatform<'MediaStreamTrack', MinimalReceivedTrack>;
export type StatsReport = OfPlatform<'RTCStatsReport', MinimalStatsReport>;

/** As `RTCConfiguration`. */
export interface PeerConfiguration {
  iceServers?: { urls: string | string[]; username?: string; credential?: string }[];
  iceTransportPolicy?: 'all' | 'relay';
}

export type PeerConnectionConstructor = new (configuration: PeerConfiguration) => PeerConnection;

export interface Platform {
  /** Absent: calls are signaled, and no media flows. */
  readonly RTCPeerConnection: PeerConnectionConstructor | undefined;
  readonly mediaDevices: Devices | undefined;
}

/** What this browser has; Node.js has none of it. */
export function ownPlatform(): Platform {
  const { navigator, RTCPeerConnection } = globalThis as {
    readonly navigator?: { readonly mediaDevices?: Devices };
    readonly RTCPeerConnection?: PeerConnectionConstructor;
  };
  return { RTCPeerConnection, mediaDevices: navigator?.mediaDevices };
}

interface MinimalTrack {
  readonly kind: string;
  enabled: boolean;
  onended: (() => void) | null;
  stop(): void;
  getSettings(): { deviceId?: string };
}

interface MinimalReceivedTrack {
  readonly muted: boolean;
  addEventListener(type: 'unmute', listener: () => void, options: { once: boolean }): void;
}

interface MinimalStream {
  onremovetrack: (() => void) | null;
  getTracks(): MinimalTrack[];
  addTrack(track: MinimalTrack): void;
  removeTrack(track: MinimalTrack): void;
}

interface MinimalDevice {
  readonly deviceId: string;
  readonly kind: 'audioinput' | 'videoinput' | 'audiooutput';
  readonly label: string;
}

interface MinimalDevices {
  ondevicechange: (() => void) | null;
  enumerateDevices(): Promise<MinimalDevice[]>;
  getUserMedia(constraints: object): Promise<MinimalStream>;
  getDisplayMedia(constraints: object): Promise<MinimalStream>;
}

interface MinimalSender {
  readonly track: MinimalTrack | null;
  replaceTrack(track: MinimalTrack | null): Promise<void>;
}

interface MinimalStatsReport {
  forEach(each: (stat: object) => void): void;
}

interface MinimalDescription {
  readonly type: 'offer' | 'answer' | 'pranswer' | 'rollback';
  readonly sdp: string;
}

interface MinimalConnection {
  readonly connectionState:
    | 'new'
    | 'connecting'
    | 'connected'
    | 'disconnected'
    | 'failed'
    | 'closed';
  readonly signalingState: string;
  readonly localDescription: MinimalDescription | null;
  readonly remoteDescription: MinimalDescription | null;
  onnegotiationneeded: (() => void) | null;
  onicecandidate: ((event: { readonly candidate: { toJSON(): object } | null }) => void) | null;
  ontrack:
    | ((event: {
        readonly track: MinimalReceivedTrack;
        readonly streams: readonly MinimalStream[];
      }) => void)
    | null;
  onconnectionstatechange: (() => void) | null;
  addTrack(track: MinimalTrack, stream: MinimalStream): MinimalSender;
  removeTrack(sender: MinimalSender): void;
  setLocalDescription(): Promise<void>;
  setRemoteDescription(description: { type: 'offer' | 'answer'; sdp: string }): Promise<void>;
  addIceCandidate(candidate: object): Promise<void>;
  setConfiguration(configuration: PeerConfiguration): void;
  getStats(): Promise<MinimalStatsReport>;
  restartIce(): void;
  close(): void;
}
