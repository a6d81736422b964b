import type { Duplex } from 'node:stream';
import { type OutageLog, TaskQueue } from '@secureconnect/service';
import type { RawData, WebSocket } from 'ws';
import { closeCodes } from './close-codes.ts';
import type { Connection } from './connection.ts';
import { answerFrame, raise } from './dispatch.ts';
import type { OpenSocket } from './open-socket.ts';
import type { GuardedSocket } from './session-guard.ts';

/**
 * A service's effects of a socket's life. `closed` runs once for every socket whose `opening`
 * began, after its last frame was served. An error of `opening` refuses the upgrade; errors of the
 * others are logged.
 */
export interface Lifecycle<C> {
  /** Before the client knows that its socket is open. */
  opening?(session: SocketSession<C>): Promise<void>;
  opened?(session: SocketSession<C>): Promise<void>;
  /** Every heartbeat. */
  beat?(session: SocketSession<C>): Promise<void>;
  closed?(session: SocketSession<C>): Promise<void>;
}

/** Creates the effects of a new socket. */
export type EffectsOf<C> = (session: SocketSession<C>) => Lifecycle<C>;

/** A session, whatever its context. */
export type EnteredSession = Pick<SocketSession<never>, 'connection' | 'beat'> & {
  readonly target: GuardedSocket;
};

/** What the sessions of a process have in common. */
export interface SessionOwner {
  /** Logs failed effects of sockets. */
  readonly outages: OutageLog;
  /** Called once, when a socket is closed and all its effects are done. */
  ended(session: EnteredSession): void;
}

/** The number of waiting frames at which reading pauses. */
const fullInbox = 16;
/** The maximum of consecutive frames refused for their rate; one more closes the socket. */
const maxRefusals = 200;

/** A socket with its rows: serves its frames in order. */
export class SocketSession<C> {
  readonly target: OpenSocket<C>;
  readonly #lifecycle: Lifecycle<C>;
  readonly #owner: SessionOwner;
  readonly #tasks = new TaskQueue();
  #refusals = 0;
  #serving = false;

  constructor(target: OpenSocket<C>, effectsOf: EffectsOf<C>, owner: SessionOwner) {
    this.target = target;
    this.#owner = owner;
    this.#lifecycle = effectsOf(this);
  }

  get connection(): Connection {
    return this.target.connection;
  }

  /** Runs the row of a type that only the service sends, with the row's ports. */
  async raise(type: string, frame: object): Promise<void> {
    await raise(type, frame, this.target);
  }

  async opening(): Promise<void> {
    await this.#lifecycle.opening?.(this);
  }

  /** Serves the socket until it closes. */
  serve(webSocket: WebSocket, socket: Duplex): void {
    this.#serving = true;
    this.connection.attach(webSocket, socket);
    void this.#tasks.run(() => this.#quietly(() => this.#lifecycle.opened?.(this)));
    webSocket.on('message', (data, isBinary) => this.#received(webSocket, data, isBinary));
    webSocket.on('close', (code) => {
      this.connection.closed(code);
      void this.end();
    });
  }

  /** Runs the last effects of the socket, then tells the owner. */
  async end(): Promise<void> {
    this.#serving = false;
    await this.#tasks.run(() => this.#quietly(() => this.#lifecycle.closed?.(this)));
    this.#owner.ended(this);
  }

  beat(): void {
    if (!this.#serving) return;
    this.connection.beat();
    void this.#tasks.run(() => this.#quietly(() => this.#lifecycle.beat?.(this)));
  }

  #received(webSocket: WebSocket, data: RawData, isBinary: boolean): void {
    // The socket is closing, so nothing more is read from this client.
    if (webSocket.readyState !== webSocket.OPEN) return;
    this.connection.received();
    // Binary frames are not JSON; as an empty text they are refused as invalid JSON.
    const text = isBinary ? '' : data.toString();
    void this.#tasks.run(async () => {
      await this.#serveFrame(text);
      if (webSocket.isPaused && this.#tasks.length <= fullInbox / 2) {
        this.connection.heard();
        webSocket.resume();
      }
    });
    if (this.#tasks.length >= fullInbox) webSocket.pause();
  }

  async #serveFrame(text: string): Promise<void> {
    // The socket was closed while the frame waited for its turn.
    if (!this.connection.isOpen) return;
    const { frame, tooFast } = await answerFrame(text, this.target);
    this.#refusals = tooFast ? this.#refusals + 1 : 0;
    if (this.#refusals > maxRefusals) this.connection.close(closeCodes.flooding);
    else if (frame !== undefined) this.connection.send(frame);
  }

  async #quietly(effect: () => Promise<void> | undefined): Promise<void> {
    try {
      await effect();
      this.#owner.outages.worked();
    } catch (error) {
      this.#owner.outages.failed(error, { user_id: this.connection.userId });
    }
  }
}
