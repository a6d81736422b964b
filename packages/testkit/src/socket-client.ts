import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

export type Frame = { readonly type: string; readonly [field: string]: unknown };

/** Thrown where the server answers a handshake with an ordinary reply. */
export class HandshakeRefused extends Error {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;

  constructor(status: number, headers: IncomingMessage['headers'], body: string) {
    super(`the handshake was refused with ${status}: ${body}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

const patienceMs = 5000;

/** A WebSocket client for tests: keeps what it receives until the test asks for it. */
export class SocketClient implements AsyncDisposable {
  readonly webSocket: WebSocket;
  /** Resolves to the close code, and to the reason that came with it. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Everything that was received and not yet asked for, in order. */
  readonly frames: Frame[] = [];
  #waiting: (() => void)[] = [];

  private constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on('error', () => undefined);
    webSocket.on('message', (data) => {
      this.frames.push(JSON.parse(data.toString()));
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      webSocket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake();
      });
    });
  }

  /** Opens a socket; rejects with HandshakeRefused where the server will not have it. */
  static async open(url: string, token?: string): Promise<SocketClient> {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const webSocket = new WebSocket(url, { headers });
    const client = new SocketClient(webSocket);
    await new Promise<void>((resolve, reject) => {
      webSocket.once('open', resolve);
      webSocket.once('error', reject);
      webSocket.once('unexpected-response', (_request, response) => {
        const { statusCode = 0, headers: replied } = response;
        text(response).then((body) => {
          reject(new HandshakeRefused(statusCode, replied, body));
        }, reject);
      });
    });
    return client;
  }

  /** Sends a frame as JSON; text and bytes go as they are. */
  send(frame: object | string | Buffer): void {
    const raw = typeof frame === 'string' || Buffer.isBuffer(frame);
    this.webSocket.send(raw ? frame : JSON.stringify(frame));
  }

  /** Takes the first frame of a type, waiting for it when it is not there yet. */
  async next(type: string): Promise<Frame> {
    const deadline = AbortSignal.timeout(patienceMs);
    for (;;) {
      const index = this.frames.findIndex((frame) => frame.type === type);
      if (index >= 0) return this.frames.splice(index, 1)[0] as Frame;
      const state = `got ${JSON.stringify(this.frames)}, ready state ${this.webSocket.readyState}`;
      if (deadline.aborted) throw new Error(`no frame of type ${type}; ${state}`);
      if (this.webSocket.readyState === WebSocket.CLOSED) throw new Error(`closed; ${state}`);
      await this.#arrival(deadline);
    }
  }

  /** Sends a frame and takes its answer: the next frame with its id. */
  async ask(frame: Frame & { readonly id: string }, answer: string): Promise<Frame> {
    this.send(frame);
    const reply = await this.next(answer);
    if (reply['id'] !== frame.id) throw new Error(`answered ${JSON.stringify(reply)}`);
    return reply;
  }

  async close(): Promise<void> {
    if (this.webSocket.readyState === WebSocket.CLOSED) return;
    this.webSocket.close();
    await once(this.webSocket, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #arrival(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      deadline.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
