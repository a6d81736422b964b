import { SlidingWindow } from './sliding-window.ts';

export interface FrameLimitOptions {
  /** The maximum of frames of any kind, valid or not, per user and minute. */
  readonly framesPerMinute: number;
  /** The same per socket; absent if the user's limit suffices. */
  readonly framesPerMinuteAndSocket?: number;
  /** The maximum of frames of one type per user and minute. */
  readonly perMinuteByType?: Readonly<Record<string, number>>;
}

const minuteMs = 60_000;

/**
 * The rate limits of users' frames in this process. They are local: a user has few sockets, so
 * Redis is not needed.
 */
export class FrameLimits {
  readonly #options: FrameLimitOptions;
  readonly #window = new SlidingWindow(minuteMs);

  constructor(options: FrameLimitOptions) {
    this.#options = options;
  }

  /** Counts a frame before it is parsed. False if it exceeds the limit. */
  takeFrame(userId: string, socketId: string): boolean {
    const { framesPerMinute, framesPerMinuteAndSocket = framesPerMinute } = this.#options;
    const ofSocket = this.#window.take(`${userId} socket ${socketId}`, framesPerMinuteAndSocket);
    return ofSocket && this.#window.take(userId, framesPerMinute);
  }

  /** Counts a frame of a type. False if it exceeds the limit. */
  takeType(userId: string, type: string): boolean {
    const limit = this.#options.perMinuteByType?.[type];
    return limit === undefined || this.#window.take(`${userId} ${type}`, limit);
  }

  /** Frees the memory of users who have been silent for two minutes. */
  sweep(): void {
    this.#window.sweep();
  }
}
