import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Identity } from '@secureconnect/service';
import { WebSocket } from 'ws';
import { type CloseCode, closeCodes } from './close-codes.ts';
import type { Member } from './member.ts';
import type { SocketMetrics } from './socket-metrics.ts';
import { holdWrites, releaseWrites } from './turn-writes.ts';

/** One client's socket, as handlers see it. */
export class Connection implements Member {
  readonly id = randomUUID();
  readonly user: Identity;
  readonly #maxQueuedBytes: number;
  readonly #metrics: SocketMetrics;
  /** Frames from before the socket was open. */
  readonly #early: (string | Buffer)[] = [];
  #earlyBytes = 0;
  #webSocket: WebSocket | undefined;
  /** Below the WebSocket. */
  #socket: Duplex | undefined;
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
   * Sends frames from now on, first those that arrived while the socket was being opened, so that
   * it misses nothing of its rooms.
   */
  attach(webSocket: WebSocket, socket: Duplex): void {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#metrics.opened();
    webSocket.on('pong', () => this.heard());
    // After an error ws itself closes the socket; nothing else is to do.
    webSocket.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
        this.#closedWith ??= closeCodes.tooLarge;
      }
    });
    // close() was called before the socket was attached.
    if (this.#closedWith !== undefined) {
      this.#early.length = 0;
      webSocket.close(this.#closedWith.code, this.#closedWith.reason);
    }
    if (this.isOpen && this.#earlyBytes > this.#maxQueuedBytes) this.#dropSlowConsumer();
    for (const text of this.#early.splice(0)) this.sendText(text);
  }

  /** Sends a frame to this client. Drops it if the socket is closed. */
  send(frame: object): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string | Buffer): void {
    if (!this.isOpen) return;
    const [webSocket, socket] = [this.#webSocket, this.#socket];
    if (webSocket === undefined || socket === undefined) {
      this.#keepEarly(text);
      return;
    }
    // What is held for the end of this turn does not wait for the client.
    if (webSocket.bufferedAmount > this.#maxQueuedBytes) releaseWrites(socket);
    if (webSocket.bufferedAmount > this.#maxQueuedBytes) {
      this.#dropSlowConsumer();
      return;
    }
    holdWrites(socket);
    webSocket.send(text, { binary: false });
    this.#metrics.sent();
  }

  /** Drops frames over the maximum of the queue; attach() then closes the socket. */
  #keepEarly(text: string | Buffer): void {
    this.#earlyBytes += text.length;
    if (this.#earlyBytes <= this.#maxQueuedBytes) this.#early.push(text);
  }

  #dropSlowConsumer(): void {
    this.#metrics.slowConsumer();
    this.close(closeCodes.slowConsumer);
  }

  /**
   * Resolves when all earlier frames have left this process; false if the socket is closed. The
   * heartbeat ends a client that does not read.
   */
  flushed(): Promise<boolean> {
    const webSocket = this.#webSocket;
    if (webSocket === undefined || webSocket.readyState !== webSocket.OPEN) {
      return Promise.resolve(false);
    }
    // Frames leave in order, and a frame's callback reports that it has left.
    return new Promise((resolve) => {
      webSocket.ping(undefined, undefined, (error?: Error | null) => resolve(!error));
    });
  }

  /** Whether the socket is neither closed nor about to close. */
  get isOpen(): boolean {
    const isGone = this.#webSocket !== undefined && this.#webSocket.readyState > WebSocket.OPEN;
    return this.#closedWith === undefined && !isGone;
  }

  /** Sends nothing from now on; a socket that is not open yet closes as soon as it opens. */
  close(closeCode: CloseCode): void {
    this.#closedWith ??= closeCode;
    this.#webSocket?.close(closeCode.code, closeCode.reason);
  }

  /** Records the end of the attached socket, with the code that it was closed with. */
  closed(code: number): void {
    this.#metrics.closed(this.#closedWith?.code ?? code);
  }

  /** Records a frame from the client. */
  received(): void {
    this.#metrics.received();
    this.heard();
  }

  /** Records a sign of life from the client. */
  heard(): void {
    this.#heard = true;
  }

  /** Sends a ping; ends the socket if there was no sign of life since the last one. */
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
