import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Outcomes } from '@secureconnect/degraded-mode';
import { ApiError, bearerProtocol } from '@secureconnect/service';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';

export interface UpgradeRequest {
  readonly incoming: IncomingMessage;
  /** What its row has fallen back to so far. */
  readonly outcomes: Outcomes;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** A client that does not answer a close frame is cut off after this long. */
const closeTimeoutMs = 2000;

/** Answers WebSocket handshakes; throws an ApiError where the request is none. */
export class Handshake {
  readonly #server: WebSocketServer;
  #complaint: string | undefined;
  #degraded = '';

  constructor(maxFrameBytes: number) {
    // closeTimeout is newer than the types of ws.
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      maxPayload: maxFrameBytes,
      // Costs memory for each socket, and most of what is sent is encrypted by its sender.
      perMessageDeflate: false,
      closeTimeout: closeTimeoutMs,
      // The one that carries a token; a browser wants to hear it again. No other is spoken here.
      handleProtocols: (offered) => offered.has(bearerProtocol) && bearerProtocol,
    };
    this.#server = new WebSocketServer(options);
    this.#server.on('wsClientError', (error) => {
      this.#complaint = error.message;
    });
    // The reply that opens a socket says what was not as usual, like any other reply.
    this.#server.on('headers', (headers) => {
      if (this.#degraded !== '') headers.push(`X-Degraded: ${this.#degraded}`);
    });
  }

  complete({ incoming, socket, head, outcomes }: UpgradeRequest): WebSocket {
    let opened: WebSocket | undefined;
    this.#complaint = undefined;
    this.#degraded = outcomes.header();
    // ws calls back before it returns, or not at all.
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
