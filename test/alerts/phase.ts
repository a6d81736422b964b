import { eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { RedisWatch, type SlowSpan } from '../support/redis-watch.ts';
import type { Reply } from './gateway.ts';
import type { Ground } from './ground.ts';
import { workingMaster } from './redis-node.ts';

export const isTaken = ({ status }: Reply): boolean => status === 201 || status === 202;
export const isRefused = ({ status }: Reply): boolean => status === 503;

/** What the gateways answer to Alertmanager from a moment on. */
export class Phase {
  readonly #ground: Ground;
  readonly #sinceMs = performance.now();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** The replies of both gateways to what has arrived since. */
  get replies(): readonly Reply[] {
    return this.#byGateway().flat();
  }

  /** Waits until each gateway has refused so many deliveries. */
  untilRefused(times: number): Promise<void> {
    return this.#untilEach(isRefused, times);
  }

  /** Waits until each gateway has taken so many deliveries. */
  untilTaken(times: number): Promise<void> {
    return this.#untilEach(isTaken, times);
  }

  #byGateway(): readonly (readonly Reply[])[] {
    return this.#ground.gateways.map(({ replies }) =>
      replies.filter(({ arrivedMs }) => arrivedMs >= this.#sinceMs),
    );
  }

  #untilEach(kind: (reply: Reply) => boolean, times: number): Promise<void> {
    return eventually(
      () => {
        for (const replies of this.#byGateway()) {
          expect(replies.filter(kind).length).toBeGreaterThanOrEqual(times);
        }
      },
      { timeoutMs: 60_000 },
    );
  }
}

/** One in which nothing is wrong with the master, which is watched past the gateways. */
export class UsualPhase extends Phase implements Disposable {
  readonly #slow: SlowSpan[] = [];
  readonly #watch: RedisWatch;

  private constructor(ground: Ground, masterPort: number) {
    super(ground);
    this.#watch = new RedisWatch(masterPort, () => performance.now(), this.#slow);
  }

  static async begin(ground: Ground): Promise<UsualPhase> {
    const { redis } = ground;
    const master = await eventually(() => workingMaster(redis), { timeoutMs: 10_000 });
    return new UsualPhase(ground, redis.portOf(master));
  }

  /** Without refusals where Redis or this process was late: a command may have timed out then. */
  async normalReplies(): Promise<readonly Reply[]> {
    await this.#watch.answered();
    const excused = this.#slow.length > 0;
    return this.replies.filter((reply) => !(excused && isRefused(reply)));
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }
}
