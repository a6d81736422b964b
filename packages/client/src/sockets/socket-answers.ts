import { LostReplyError, RefusedError } from '../http/errors.ts';
import { type Resolvers, withResolvers } from '../support/delay.ts';

/** An answer to a frame, as it arrives. */
export interface AnswerFrame {
  readonly type: string;
  readonly id?: string;
  readonly code?: string;
  readonly message?: unknown;
}

/** The frames of one socket that wait for their answers, by their ids. */
export class SocketAnswers<Answer extends AnswerFrame> {
  readonly #waiting = new Map<string, Resolvers<Answer>>();
  #last = 0;

  /** The id of a new frame, and the promise of its answer. */
  expect(): { readonly id: string; readonly answer: Promise<Answer> } {
    this.#last += 1;
    const id = String(this.#last);
    const waiting = withResolvers<Answer>();
    this.#waiting.set(id, waiting);
    return { id, answer: waiting.promise.finally(() => this.#waiting.delete(id)) };
  }

  /** Gives an answer to who waits for it. */
  take(frame: Answer): void {
    const waiting = this.#waiting.get(frame.id ?? '');
    if (frame.type === 'error') waiting?.reject(refusalOf(frame));
    else waiting?.resolve(frame);
  }

  /** The socket is gone: nobody knows whether the frames had their effects. */
  lose(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new LostReplyError(reason));
  }
}

function refusalOf({ code = 'UNKNOWN', message }: AnswerFrame): RefusedError {
  return new RefusedError({
    status: 0,
    code,
    message: String(message ?? 'The frame was refused.'),
    details: [],
    requestId: undefined,
    retryAfterSeconds: undefined,
  });
}
