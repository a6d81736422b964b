import { LostReplyError, RefusedError } from '../http/errors.ts';
import type { Schemas } from '../http/routes.ts';
import type { ClientParts } from '../parts.ts';
import { LiveSocket, type SocketEnd, type SocketState } from '../sockets/live-socket.ts';
import { onNetwork } from '../support/network.ts';

type ServerFrame = Schemas['SignalingServerFrame'];
type ClientFrame = Schemas['SignalingClientFrame'];
/** What the server, or a peer through it, says in a call, without the answers to frames. */
export type SignalFrame = Exclude<ServerFrame, { readonly type: 'ack' | 'error' }>;

export interface SignalingOptions extends ClientParts {
  readonly callId: string;
  readonly onOpen: () => void;
  readonly onFrame: (frame: SignalFrame) => void;
  readonly onState: (state: SocketState, end?: SocketEnd) => void;
  /** Called where the socket was refused: the call may be over. */
  readonly verify: (signal: AbortSignal) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

interface SentFrame {
  readonly type: ClientFrame['type'];
  readonly call_id: string;
  readonly to?: string;
  readonly data: object;
}

/** The signaling socket of a call, which opens again after it was lost. */
export class Signaling {
  readonly #options: SignalingOptions;
  readonly #socket: LiveSocket<ServerFrame>;
  readonly #closing = new AbortController();

  constructor(options: SignalingOptions) {
    this.#options = options;
    const { requester } = options;
    const address = requester.baseUrl.replace(/^http/, 'ws');
    this.#socket = new LiveSocket({
      ...options,
      url: `${address}/v1/ws/signaling?call_id=${options.callId}`,
      answers: ['ack', 'error'],
      probe: { frame: { type: 'ping' }, quietMs: options.quietMs },
      onFrame: (frame) => {
        if (frame.type !== 'ack' && frame.type !== 'error') options.onFrame(frame);
      },
    });
    onNetwork('offline', () => this.#socket.drop(), this.#closing.signal);
    onNetwork('online', () => this.#socket.hurry(), this.#closing.signal);
  }

  /**
   * Tells one peer, or all, where the socket is open: what is told while it is closed is told anew when
   * it has opened, as the negotiation is by then a different one.
   */
  tell(type: ClientFrame['type'], data: object, to?: string): void {
    const address = to === undefined ? {} : { to };
    void this.#ask({ type, call_id: this.#options.callId, data, ...address });
  }

  close(): void {
    this.#closing.abort();
    this.#socket.close();
  }

  async #ask(frame: SentFrame): Promise<void> {
    try {
      const answer = await this.#socket.ask(frame);
      if (answer.type === 'ack' && answer.meta !== undefined)
        this.#options.onDegraded(answer.meta.degraded, `WS /v1/ws/signaling ${frame.type}`);
    } catch (error) {
      // A peer who is away, or gone, connects anew; a lost socket is opened again.
      if (error instanceof LostReplyError || error instanceof RefusedError) return;
      this.#options.onError(error);
    }
  }
}
