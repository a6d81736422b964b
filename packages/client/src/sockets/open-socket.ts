import { withResolvers } from '../support/delay.ts';
import { type AnswerFrame, SocketAnswers } from './socket-answers.ts';

const openWithinMs = 10_000;
/** For an answer to a frame. */
export const answerWithinMs = 10_000;

export interface FrameHandling<Frame extends AnswerFrame> {
  /** Types of frames that answer others. */
  readonly answers: readonly string[];
  /** Called for each other frame. */
  readonly onFrame: (frame: Frame) => void;
}

/** One connection, from its opening until it closes. */
export class OpenSocket<Frame extends AnswerFrame> {
  readonly #socket: WebSocket;
  readonly #answers = new SocketAnswers<Frame>();
  readonly #opened = withResolvers<boolean>();
  readonly #closed = withResolvers<number>();
  readonly #late: ReturnType<typeof setTimeout>;
  #heardAtMs = performance.now();

  constructor(socket: WebSocket, { answers, onFrame }: FrameHandling<Frame>) {
    this.#socket = socket;
    this.#late = setTimeout(() => this.end(), openWithinMs);
    socket.onopen = () => {
      clearTimeout(this.#late);
      this.#opened.resolve(true);
    };
    socket.onmessage = ({ data }) => {
      this.#heardAtMs = performance.now();
      const frame = JSON.parse(String(data)) as Frame;
      if (answers.includes(frame.type)) this.#answers.take(frame);
      else onFrame(frame);
    };
    socket.onclose = ({ code }) => this.#finish(code);
    // The close event follows; without a listener, the sockets of `ws` throw.
    socket.onerror = () => undefined;
  }

  /** Whether it has opened; false where it was refused or did not open in time. */
  get opened(): Promise<boolean> {
    return this.#opened.promise;
  }

  /** The code of its close; 1006 where there was none. */
  get closed(): Promise<number> {
    return this.#closed.promise;
  }

  /** How long nothing has come from the server, in milliseconds. */
  get quietMs(): number {
    return performance.now() - this.#heardAtMs;
  }

  tell(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /**
   * Sends a frame and waits for its answer. Where none comes in time the connection is dead, although
   * neither side was told, and is given up.
   * @throws LostReplyError where the socket is lost before the answer
   * @throws RefusedError where the answer is an error
   */
  async ask(frame: object, withinMs = answerWithinMs): Promise<Frame> {
    const { id, answer } = this.#answers.expect();
    const late = setTimeout(() => this.end(), withinMs);
    try {
      this.tell({ ...frame, id });
      return await answer;
    } finally {
      clearTimeout(late);
    }
  }

  /** Ends at once: the closing handshake of a dead connection takes its time. */
  end(): void {
    this.#finish(1006);
  }

  #finish(code: number): void {
    const socket = this.#socket;
    clearTimeout(this.#late);
    socket.onmessage = null;
    socket.onclose = null;
    // Closed while it connects, it would be an error in the console.
    if (socket.readyState === socket.CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
    this.#answers.lose('the socket was lost before the answer came');
    this.#opened.resolve(false);
    this.#closed.resolve(code);
  }
}
