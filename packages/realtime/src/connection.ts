import { randomUUID } from 'node:crypto';
import type { Identity } from '@secureconnect/service';
import { WebSocket } from 'ws';
import { type CloseCode, closeCodes } from './close-codes.ts';
import type { Member } from './member.ts';
import type { SocketMetrics } from './socket-metrics.ts';

/** The longest delay that a timer takes: a token that lives longer ends its sockets after that. */
const maxTimerMs = 2 ** 31 - 1;

/** One client's socket, as handlers see it. */
export class Connection implements Member {
  readonly id = randomUUID();
  readonly user: Identity;
  readonly #maxQueuedBytes: number;
  readonly #metrics: SocketMetrics;
  /** Frames of before the client was told that its socket is open. */
  readonly #early: (string | Buffer)[] = [];
  #earlyBytes = 0;
  #webSocket: WebSocket | undefined;
  #heard = true;
  #closedWith: CloseCode | undefined;

  constructor(user: Identity, maxQueuedBytes: number, metrics: SocketMetrics) {
    this.user = user;
    this.#maxQueuedBytes = maxQueuedBytes;
    this.#metrics = metrics;
  }

  get userId(): string {
    return this.user.userId;
  }

  /**
   * From here on frames go out, those first that came while the socket was being opened: whoever is
   * in a room misses nothing of it.
   */
  attach(webSocket: WebSocket): void {
    this.#webSocket = webSocket;
    this.#metrics.opened();
    webSocket.on('pong', () => this.heard());
    // After an error ws closes the socket by itself; there is nothing else to do about it.
    webSocket.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
        this.#closedWith ??= closeCodes.tooLarge;
      }
    });
    const expiresInMs = Math.min(this.user.expiresAtMs - Date.now(), maxTimerMs);
    const expiry = setTimeout(() => this.close(closeCodes.tokenExpired), expiresInMs);
    webSocket.once('close', (code) => {
      clearTimeout(expiry);
      this.#metrics.closed(this.#closedWith?.code ?? code);
    });
    // It was told to close before there was anything to close.
    if (this.#closedWith !== undefined) {
      this.#early.length = 0;
      webSocket.close(this.#closedWith.code, this.#closedWith.reason);
    }
    if (this.isOpen && this.#earlyBytes > this.#maxQueuedBytes) this.#dropSlowConsumer();
    for (const text of this.#early.splice(0)) this.sendText(text);
  }

  /** Sends a frame to this client. Dropped when the socket is closed. */
  send(frame: object): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string | Buffer): void {
    if (!this.isOpen) return;
    const webSocket = this.#webSocket;
    if (webSocket === undefined) {
      this.#keepEarly(text);
      return;
    }
    if (webSocket.bufferedAmount > this.#maxQueuedBytes) {
      this.#dropSlowConsumer();
      return;
    }
    webSocket.send(text, { binary: false });
    this.#metrics.sent();
  }

  /** More than the queue holds is dropped here, and the socket with it as soon as it opens. */
  #keepEarly(text: string | Buffer): void {
    this.#earlyBytes += text.length;
    if (this.#earlyBytes <= this.#maxQueuedBytes) this.#early.push(text);
  }

  #dropSlowConsumer(): void {
    this.#metrics.slowConsumer();
    this.close(closeCodes.slowConsumer);
  }

  /**
   * Resolves when everything that was sent before has left this process; false where the socket is
   * closed. A client that does not read is ended by its heartbeat.
   */
  flushed(): Promise<boolean> {
    const webSocket = this.#webSocket;
    if (webSocket === undefined || webSocket.readyState !== webSocket.OPEN) {
      return Promise.resolve(false);
    }
    // Frames leave in order, and the callback of one says that it has left.
    return new Promise((resolve) => {
      webSocket.ping(undefined, undefined, (error?: Error | null) => resolve(!error));
    });
  }

  /** Whether nothing has closed it yet, or decided to. */
  get isOpen(): boolean {
    const isGone = this.#webSocket !== undefined && this.#webSocket.readyState > WebSocket.OPEN;
    return this.#closedWith === undefined && !isGone;
  }

  /** From here on nothing is sent; a socket that is not open yet closes as soon as it is. */
  close(closeCode: CloseCode): void {
    this.#closedWith ??= closeCode;
    this.#webSocket?.close(closeCode.code, closeCode.reason);
  }

  /** A frame of the client has arrived. */
  received(): void {
    this.#metrics.received();
    this.heard();
  }

  /** The client gave a sign of life. */
  heard(): void {
    this.#heard = true;
  }

  /** Asks for a sign of life; ends a socket that gave none since it was asked last. */
  beat(): void {
    const webSocket = this.#webSocket;
    if (webSocket === undefined || webSocket.readyState !== webSocket.OPEN) return;
    if (!this.#heard) {
      webSocket.terminate();
      return;
    }
    this.#heard = false;
    webSocket.ping();
  }
}
