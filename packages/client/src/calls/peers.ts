import { LostReplyError, RefusedError, SignedOutError } from '../http/errors.ts';
import type { Requester, TokenSource } from '../http/request.ts';
import type { Schemas } from '../http/routes.ts';
import type { Sending } from './local-media.ts';
import { type Description, Peer } from './peer.ts';
import type { Media, PeerConfiguration, PeerConnectionConstructor } from './platform.ts';
import type { QualityReport } from './quality.ts';

export type PeerSignal = Description | 'ice_candidate';

export interface PeersOptions {
  readonly callId: string;
  readonly userId: string;
  readonly requester: Requester;
  readonly tokens: TokenSource;
  /** Absent: there are no connections. */
  readonly RTCPeerConnection: PeerConnectionConstructor | undefined;
  readonly configuration: PeerConfiguration;
  /** Whether the server is told how well the connections work. */
  readonly reportsQuality: boolean;
  /** When a user joined, as far as this device knows, by `performance.now()`. */
  readonly joinedAtMs: (userId: string) => number;
  readonly sendings: () => readonly Sending[];
  readonly send: (userId: string, type: PeerSignal, data: object) => void;
  readonly onChange: (
    userId: string,
    connection: string | undefined,
    streams: readonly Media[],
  ) => void;
  readonly onError: (error: unknown) => void;
}

/** Where the servers are unknown for now, they are asked for again after so long. */
const retryMs = 5000;

/** The connections to everybody else in a call, and the ICE servers by which they are made. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #peers = new Map<string, Peer>();
  readonly #closing = new AbortController();
  readonly #startedAtMs = performance.now();
  #configuration: PeerConfiguration;
  #renewal: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PeersOptions, iceServers: readonly Schemas['IceServer'][]) {
    this.#options = options;
    this.#configuration = { ...options.configuration, iceServers: [...iceServers] };
    if (options.RTCPeerConnection !== undefined) void this.renewServers();
  }

  /** Connects to a user, who may have missed what was sent before. */
  meet(userId: string): void {
    this.#peerOf(userId)?.offerAgain();
  }

  hear(userId: string, type: PeerSignal, data: object): void {
    const { sdp } = data as { readonly sdp?: string };
    const isOffer = type === 'offer' && sdp !== undefined;
    if (isOffer && this.#peers.get(userId)?.isOutdatedBy(sdp)) this.forget(userId);
    const peer = isOffer ? this.#peerOf(userId) : this.#peers.get(userId);
    peer?.hear(type, data);
  }

  forget(userId: string): void {
    if (!this.#peers.has(userId)) return;
    this.#peers.get(userId)?.close();
    this.#peers.delete(userId);
    this.#options.onChange(userId, undefined, []);
  }

  /** Keeps the connections to these users alone. */
  keep(userIds: readonly string[]): void {
    for (const userId of [...this.#peers.keys()])
      if (!userIds.includes(userId)) this.forget(userId);
  }

  /** Sends everybody what this device sends now. */
  sync(): void {
    for (const peer of this.#peers.values()) peer.sync(this.#options.sendings());
  }

  /** After a loss of the signaling socket: the network may be a different one. */
  recover(): void {
    for (const peer of this.#peers.values()) peer.recover();
  }

  /** Credentials of TURN servers expire; a connection that restarts needs current ones. */
  async renewServers(): Promise<void> {
    const { callId, requester, tokens } = this.#options;
    const { signal } = this.#closing;
    const request = { path: { call_id: callId } };
    let renewMs = retryMs;
    try {
      const route = 'GET /v1/calls/:call_id/ice-servers';
      const servers = await requester.send(route, request, tokens, { signal, retryForMs: 0 });
      renewMs = servers.renew_in * 1000;
      this.#configuration = { ...this.#configuration, iceServers: servers.ice_servers };
      for (const peer of this.#peers.values()) peer.setConfiguration(this.#configuration);
    } catch (error) {
      // What is refused or lost is asked for again; whether the call goes on is not decided here.
      if (!signal.aborted && !isOfServer(error)) this.#options.onError(error);
    }
    clearTimeout(this.#renewal);
    if (!signal.aborted) this.#renewal = setTimeout(() => void this.renewServers(), renewMs);
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#renewal);
    for (const userId of [...this.#peers.keys()]) this.forget(userId);
  }

  #peerOf(userId: string): Peer | undefined {
    const { RTCPeerConnection, onChange, onError, send, sendings, userId: own } = this.#options;
    const { joinedAtMs, reportsQuality } = this.#options;
    const known = this.#peers.get(userId);
    if (known !== undefined || RTCPeerConnection === undefined) return known;
    const peer = new Peer({
      RTCPeerConnection,
      configuration: this.#configuration,
      isPolite: own > userId,
      send: (type, data) => send(userId, type, data),
      onChange: (connection, streams) => onChange(userId, connection, streams),
      renewServers: () => this.renewServers(),
      sinceMs: Math.max(this.#startedAtMs, joinedAtMs(userId)),
      report: reportsQuality ? (report) => void this.#report(userId, report) : undefined,
      onError,
    });
    this.#peers.set(userId, peer);
    peer.sync(sendings());
    return peer;
  }

  /** The last one is sent after the end of the call, too. */
  async #report(peerId: string, report: QualityReport): Promise<void> {
    const { callId, onError, requester, tokens } = this.#options;
    const request = { path: { call_id: callId }, body: { ...report, peer_id: peerId } };
    try {
      const route = 'POST /v1/calls/:call_id/quality';
      await requester.send(route, request, tokens, { retryForMs: 0 });
    } catch (error) {
      // The next one says more.
      if (!isOfServer(error)) onError(error);
    }
  }
}

/** What is refused or lost, or comes when nobody is signed in any more. */
function isOfServer(error: unknown): boolean {
  return [LostReplyError, RefusedError, SignedOutError].some((kind) => error instanceof kind);
}
