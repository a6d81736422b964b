import type { OutageLog } from '@secureconnect/service';
import type { RawData, WebSocket } from 'ws';
import { closeCodes } from './close-codes.ts';
import { answerFrame, type FrameTarget, raise } from './dispatch.ts';
import { TaskQueue } from './task-queue.ts';

/**
 * What a service does as a socket comes and goes. `closed` runs once for every socket whose
 * `opening` was begun, after the last frame was served. Only what `opening` throws reaches anybody:
 * it refuses the upgrade; what the others throw is logged.
 */
export interface Lifecycle<C> {
  /** Before the client is told that its socket is open. */
  opening?(session: Session<C>): Promise<void>;
  opened?(session: Session<C>): Promise<void>;
  /** Every heartbeat. */
  beat?(session: Session<C>): Promise<void>;
  closed?(session: Session<C>): Promise<void>;
}

/** So many frames wait to be served before the socket is read no further. */
const fullInbox = 16;
/** Refused one after another for their rate, so many frames close the socket. */
const maxRefusals = 200;

/** A socket with its rows: reads frame after frame, in order, and answers each. */
export class Session<C> {
  readonly target: FrameTarget<C>;
  readonly #lifecycle: Lifecycle<C>;
  readonly #outages: OutageLog;
  readonly #tasks = new TaskQueue();
  readonly #ended = Promise.withResolvers<void>();
  #refusals = 0;
  #serving = false;

  /** @param outages what is told of effects of sockets that fail, one for all of a process */
  constructor(target: FrameTarget<C>, lifecycle: Lifecycle<C>, outages: OutageLog) {
    this.target = target;
    this.#lifecycle = lifecycle;
    this.#outages = outages;
  }

  get connection(): FrameTarget<C>['connection'] {
    return this.target.connection;
  }

  /** Resolves when the socket is closed and everything about it is done. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Runs the row of a type that only the service sends, with the row's ports. */
  async raise(type: string, frame: object): Promise<void> {
    await raise(type, frame, this.target);
  }

  async opening(): Promise<void> {
    await this.#lifecycle.opening?.(this);
  }

  /** Serves the socket until it closes. */
  serve(webSocket: WebSocket): void {
    this.#serving = true;
    this.connection.attach(webSocket);
    void this.#tasks.add(() => this.#quietly(() => this.#lifecycle.opened?.(this)));
    webSocket.on('message', (data, isBinary) => this.#received(webSocket, data, isBinary));
    webSocket.once('close', () => void this.end());
  }

  async end(): Promise<void> {
    this.#serving = false;
    await this.#tasks.add(() => this.#quietly(() => this.#lifecycle.closed?.(this)));
    this.#ended.resolve();
  }

  beat(): void {
    if (!this.#serving) return;
    this.connection.beat();
    void this.#tasks.add(() => this.#quietly(() => this.#lifecycle.beat?.(this)));
  }

  #received(webSocket: WebSocket, data: RawData, isBinary: boolean): void {
    // Closed from here, for whatever reason: nothing more is taken from this client.
    if (webSocket.readyState !== webSocket.OPEN) return;
    this.connection.received();
    // No binary frame is JSON; as an empty text it is refused like any other that is none.
    const text = isBinary ? '' : data.toString();
    void this.#tasks.add(async () => {
      await this.#serveFrame(text);
      if (webSocket.isPaused && this.#tasks.length <= fullInbox / 2) {
        this.connection.heard();
        webSocket.resume();
      }
    });
    if (this.#tasks.length >= fullInbox) webSocket.pause();
  }

  async #serveFrame(text: string): Promise<void> {
    // Closed from here while the frame waited for its turn.
    if (!this.connection.isOpen) return;
    const { frame, tooFast } = await answerFrame(text, this.target);
    this.#refusals = tooFast ? this.#refusals + 1 : 0;
    if (this.#refusals > maxRefusals) this.connection.close(closeCodes.flooding);
    else if (frame !== undefined) this.connection.send(frame);
  }

  async #quietly(effect: () => Promise<void> | undefined): Promise<void> {
    try {
      await effect();
      this.#outages.worked();
    } catch (error) {
      this.#outages.failed(error, { user_id: this.connection.userId });
    }
  }
}
