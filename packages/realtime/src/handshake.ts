import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FallbacksUsed } from '@secureconnect/degraded-mode';
import { ApiError, bearerProtocol } from '@secureconnect/service';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';

export interface UpgradeRequest {
  readonly incoming: IncomingMessage;
  /** The fallbacks that its row has used so far. */
  readonly outcomes: FallbacksUsed;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** The time limit for a client's reply to a close frame. */
const closeTimeoutMs = 2000;

/** Answers WebSocket handshakes; throws an ApiError if the request is no handshake. */
export class Handshake {
  readonly #server: WebSocketServer;
  #complaint: string | undefined;
  #degraded = '';

  constructor(maxFrameBytes: number) {
    // The types of ws lack closeTimeout.
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      maxPayload: maxFrameBytes,
      // Compression needs memory per socket, and most content is encrypted by its sender.
      perMessageDeflate: false,
      closeTimeout: closeTimeoutMs,
      // Accepts only the protocol that carries a token; browsers require it in the reply.
      handleProtocols: (offered) => offered.has(bearerProtocol) && bearerProtocol,
    };
    this.#server = new WebSocketServer(options);
    this.#server.on('wsClientError', (error) => {
      this.#complaint = error.message;
    });
    // The reply that opens a socket names the fallbacks used, like any other reply.
    this.#server.on('headers', (headers) => {
      if (this.#degraded !== '') headers.push(`X-Degraded: ${this.#degraded}`);
    });
  }

  complete({ incoming, socket, head, outcomes }: UpgradeRequest): WebSocket {
    let opened: WebSocket | undefined;
    this.#complaint = undefined;
    this.#degraded = outcomes.header();
    // ws calls back synchronously, or not at all.
    this.#server.handleUpgrade(incoming, socket, head, (webSocket) => {
      opened = webSocket;
    });
    if (opened !== undefined) return opened;
    const message = this.#complaint ?? 'The client went away during the handshake.';
    throw new ApiError('VALIDATION_ERROR', message, {
      headers: { 'Sec-WebSocket-Version': '13, 8' },
    });
  }
}
