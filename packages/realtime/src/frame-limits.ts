import { SlidingWindow } from './sliding-window.ts';

export interface FrameLimitOptions {
  /** Frames of any kind, understood or not, that a user may send in a minute. */
  readonly framesPerMinute: number;
  /** The same for one socket; absent where a user's limit is enough. */
  readonly framesPerMinuteAndSocket?: number;
  /** Frames of one type that a user may send in a minute. */
  readonly perMinuteByType?: Readonly<Record<string, number>>;
}

const minuteMs = 60_000;

/**
 * What users may send over their sockets in this process. Counted here alone: the sockets of a user
 * are few, and no Redis is needed for it.
 */
export class FrameLimits {
  readonly #options: FrameLimitOptions;
  readonly #window = new SlidingWindow(minuteMs);

  constructor(options: FrameLimitOptions) {
    this.#options = options;
  }

  /** Counts a frame before it is looked at. False when it is one too many. */
  takeFrame(userId: string, socketId: string): boolean {
    const { framesPerMinute, framesPerMinuteAndSocket = framesPerMinute } = this.#options;
    const ofSocket = this.#window.take(`${userId} socket ${socketId}`, framesPerMinuteAndSocket);
    return ofSocket && this.#window.take(userId, framesPerMinute);
  }

  /** Counts a frame of a type. False when it is one too many. */
  takeType(userId: string, type: string): boolean {
    const limit = this.#options.perMinuteByType?.[type];
    return limit === undefined || this.#window.take(`${userId} ${type}`, limit);
  }

  /** Gives back the memory of users who have been silent for two minutes. */
  sweep(): void {
    this.#window.sweep();
  }
}
