import { LostReplyError, RefusedError, SignedOutError } from '../http/errors.ts';
import type { TokenSource } from '../http/request.ts';
import { backOffMs } from '../support/back-off.ts';
import { pause } from '../support/delay.ts';
import { answerWithinMs, type FrameHandling, OpenSocket } from './open-socket.ts';
import type { AnswerFrame } from './socket-answers.ts';

/** `waiting`: it was lost, and the next attempt comes after a pause. */
export type SocketState = 'connecting' | 'open' | 'waiting' | 'closed';

/** Why a socket is not opened again: see the close codes in docs/sockets.md. */
export type SocketEnd =
  | 'closed here'
  | 'signed out'
  | 'not found'
  | 'too many conversations'
  | 'replaced';

export interface LiveSocketOptions<Frame extends AnswerFrame> extends FrameHandling<Frame> {
  readonly url: string;
  readonly tokens: TokenSource;
  readonly WebSocket: typeof globalThis.WebSocket;
  /** Asks the server, by HTTP, whether the token is good: a refused upgrade does not tell. */
  readonly verify: (signal: AbortSignal) => Promise<unknown>;
  /** Called when a socket is open, before any of its frames. */
  readonly onOpen: () => void;
  readonly onState: (state: SocketState, end?: SocketEnd) => void;
  /** Called with what `onState` has thrown; the socket goes on. */
  readonly onError: (error: unknown) => void;
  /** Sent where nothing was heard for so long; without an answer the connection is dead. */
  readonly probe: { readonly frame: object; readonly quietMs: number };
}

const bounds = { firstMs: 500, maxMs: 30_000 };
/** A socket that lived as long was a success; one that closes at once is one more failure. */
const soundMs = 5000;
/** What docs/sockets.md asks of a client that has sent too many frames. */
const tooManyFramesPauseMs = 60_000;

const ends: Readonly<Record<number, SocketEnd>> = {
  4404: 'not found',
  4409: 'too many conversations',
  4410: 'replaced',
};

interface Life {
  /** Why there is no next one. */
  readonly end?: SocketEnd;
  readonly lifeMs: number;
  readonly code: number;
}

/** A socket that opens again after it was lost, later each time. */
export class LiveSocket<Frame extends AnswerFrame> {
  readonly #options: LiveSocketOptions<Frame>;
  readonly #closing = new AbortController();
  #socket: OpenSocket<Frame> | undefined;
  #hurry: (() => void) | undefined;

  constructor(options: LiveSocketOptions<Frame>) {
    this.#options = options;
    void this.#live();
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** Sends a frame where there is an open socket; otherwise it is of no use later. */
  tell(frame: object): void {
    this.#socket?.tell(frame);
  }

  /**
   * Sends a frame and waits for its answer.
   * @throws LostReplyError where there is no open socket, or it is lost meanwhile
   * @throws RefusedError where the answer is an error
   */
  async ask(frame: object): Promise<Frame> {
    if (this.#socket === undefined) throw new LostReplyError('the socket is not open');
    return this.#socket.ask(frame);
  }

  /** Ends a pause before the next attempt: the network may be back. */
  hurry(): void {
    this.#hurry?.();
  }

  /** Gives up a connection that is known to be dead; the next one is opened. */
  drop(): void {
    this.#socket?.end();
  }

  close(): void {
    this.#closing.abort();
  }

  async #live(): Promise<void> {
    const { signal } = this.#closing;
    let end: SocketEnd = 'closed here';
    for (let failures = 0; !signal.aborted; ) {
      this.#note('connecting');
      const life = await this.#liveOnce(signal);
      if (life.end !== undefined) {
        end = life.end;
        break;
      }
      failures = life.lifeMs >= soundMs ? 1 : failures + 1;
      if (signal.aborted) break;
      this.#note('waiting');
      await this.#pause(life.code === 4429 ? tooManyFramesPauseMs : backOffMs(failures, bounds));
    }
    this.#note('closed', end);
  }

  async #liveOnce(signal: AbortSignal): Promise<Life> {
    const { onOpen, tokens, url, WebSocket } = this.#options;
    const failed: Life = { lifeMs: 0, code: 0 };
    try {
      const token = await tokens.current(signal);
      if (token === undefined) return { ...failed, end: 'signed out' };
      const socket = new OpenSocket<Frame>(new WebSocket(url, ['bearer', token]), this.#options);
      const end = () => socket.end();
      signal.addEventListener('abort', end, { once: true });
      void socket.closed.then(() => signal.removeEventListener('abort', end));
      if (!(await socket.opened)) {
        await this.#options.verify(signal);
        return failed;
      }
      this.#socket = socket;
      this.#note('open');
      onOpen();
      const openedAt = performance.now();
      void this.#probe(socket);
      const code = await socket.closed;
      this.#socket = undefined;
      // Whether the session has ended is known when the server renews it no more.
      if (code === 4401 || code === 4403) await tokens.replace(token, signal);
      return lifeOf(code, performance.now() - openedAt);
    } catch (error) {
      // Whatever else has failed is tried again with the next socket.
      return error instanceof SignedOutError ? { ...failed, end: 'signed out' } : failed;
    }
  }

  #note(state: SocketState, end?: SocketEnd): void {
    try {
      this.#options.onState(state, end);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #probe(socket: OpenSocket<Frame>): Promise<void> {
    const { frame, quietMs } = this.#options.probe;
    const { signal } = this.#closing;
    while (!signal.aborted && this.#socket === socket) {
      if (socket.quietMs >= quietMs)
        await this.#ping(socket, frame, Math.min(quietMs, answerWithinMs));
      await pause(Math.max(quietMs - socket.quietMs, quietMs / 10), signal);
    }
  }

  /** An answer of any kind will do; without one the socket gives itself up. */
  async #ping(socket: OpenSocket<Frame>, frame: object, withinMs: number): Promise<void> {
    try {
      await socket.ask(frame, withinMs);
    } catch (error) {
      if (!(error instanceof LostReplyError || error instanceof RefusedError)) throw error;
    }
  }

  async #pause(ms: number): Promise<void> {
    const shorter = new AbortController();
    this.#hurry = () => shorter.abort();
    await pause(ms, AbortSignal.any([shorter.signal, this.#closing.signal]));
    this.#hurry = undefined;
  }
}

function lifeOf(code: number, lifeMs: number): Life {
  const end = ends[code];
  return end === undefined ? { lifeMs, code } : { lifeMs, code, end };
}
