import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

export type Frame = { readonly type: string; readonly [field: string]: unknown };

/** Thrown if the server answers a handshake with an ordinary reply. */
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

export interface SocketOptions {
  /** A browser sets no headers: its token stands in the query. */
  readonly tokenIn?: 'header' | 'query';
  /** How long `next` waits. */
  readonly patienceMs?: number;
}

/** A WebSocket client for tests: keeps what it receives until the test asks for it. */
export class SocketClient implements Disposable, AsyncDisposable {
  readonly webSocket: WebSocket;
  /** Resolves to the close code, and to the reason that came with it. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Everything that was received and not yet asked for, in order. */
  readonly frames: Frame[] = [];
  readonly #patienceMs: number;
  #waiting: (() => void)[] = [];

  private constructor(webSocket: WebSocket, patienceMs: number) {
    this.webSocket = webSocket;
    this.#patienceMs = patienceMs;
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

  /** Opens a socket; rejects with HandshakeRefused if the server refuses it. */
  static async open(
    url: string,
    token?: string,
    { tokenIn = 'header', patienceMs = 5000 }: SocketOptions = {},
  ): Promise<SocketClient> {
    const address = new URL(url);
    if (token !== undefined && tokenIn === 'query') address.searchParams.set('access_token', token);
    const inHeader = token !== undefined && tokenIn === 'header';
    const headers = inHeader ? { Authorization: `Bearer ${token}` } : {};
    const webSocket = new WebSocket(address, { headers });
    const client = new SocketClient(webSocket, patienceMs);
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

  /** Takes the first frame of a type, or that fits, waiting for it when it is not there yet. */
  async next(wanted: string | ((frame: Frame) => boolean)): Promise<Frame> {
    const fits = typeof wanted === 'string' ? ({ type }: Frame) => type === wanted : wanted;
    const deadline = AbortSignal.timeout(this.#patienceMs);
    for (;;) {
      const index = this.frames.findIndex(fits);
      if (index >= 0) return this.frames.splice(index, 1)[0] as Frame;
      const state = `got ${JSON.stringify(this.frames)}, ready state ${this.webSocket.readyState}`;
      if (deadline.aborted) {
        const which = typeof wanted === 'string' ? `no frame of type ${wanted}` : 'no such frame';
        throw new Error(`${which}; ${state}`);
      }
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

  /** Closes it and does not wait for that. */
  [Symbol.dispose](): void {
    this.webSocket.close();
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
