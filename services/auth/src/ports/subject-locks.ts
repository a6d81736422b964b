import { type RedisCommands, UnexpectedReply } from '@secureconnect/redis';

/**
 * Caches locks for a few seconds, so that a flood of requests for a locked subject costs SQL next
 * to nothing. Only SQL decides that a subject is not locked, and a lock that was lifted in SQL
 * expires here soon.
 */
export interface SubjectLocks {
  /** Seconds until the subject may retry; 0 if no lock is cached. */
  lockedForSeconds(subject: string): Promise<number>;
  lock(subject: string, forSeconds: number): Promise<void>;
  unlock(subject: string): Promise<void>;
}

const rememberedMs = 5000;

/**
 * In Redis, for all instances.
 * @param key names the lock of a subject there
 */
export function redisLocks(redis: RedisCommands, key: (subject: string) => string): SubjectLocks {
  return {
    async lockedForSeconds(subject) {
      const until = await redis.get(key(subject));
      return until === null ? 0 : secondsUntil(readUntilMs(until));
    },
    async lock(subject, forSeconds) {
      const untilMs = Date.now() + forSeconds * 1000;
      await redis.set(key(subject), untilMs, 'PX', Math.min(forSeconds * 1000, rememberedMs));
    },
    async unlock(subject) {
      await redis.del(key(subject));
    },
  };
}

/** Throws UnexpectedReply if the key holds a foreign value. */
function readUntilMs(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UnexpectedReply('locks');
  return Number(text);
}

const maxSubjects = 10_000;

/** In this process alone. While it is full, further locks are not cached. */
export class LocalLocks implements SubjectLocks {
  readonly #untilMs = new Map<
    string,
    { readonly lockedUntilMs: number; readonly knownUntilMs: number }
  >();
  readonly #maxSubjects: number;
  readonly #now: () => number;

  constructor(options: { maxSubjects?: number; now?: () => number } = {}) {
    this.#maxSubjects = options.maxSubjects ?? maxSubjects;
    this.#now = options.now ?? Date.now;
  }

  async lockedForSeconds(subject: string): Promise<number> {
    const known = this.#untilMs.get(subject);
    if (known === undefined || known.knownUntilMs <= this.#now()) return 0;
    return secondsUntil(known.lockedUntilMs, this.#now());
  }

  async lock(subject: string, forSeconds: number): Promise<void> {
    if (this.#untilMs.size >= this.#maxSubjects) this.#dropForgotten();
    if (this.#untilMs.size >= this.#maxSubjects) return;
    const now = this.#now();
    const lockedUntilMs = now + forSeconds * 1000;
    const knownUntilMs = now + Math.min(forSeconds * 1000, rememberedMs);
    this.#untilMs.set(subject, { lockedUntilMs, knownUntilMs });
  }

  async unlock(subject: string): Promise<void> {
    this.#untilMs.delete(subject);
  }

  #dropForgotten(): void {
    for (const [subject, { knownUntilMs }] of this.#untilMs) {
      if (knownUntilMs <= this.#now()) this.#untilMs.delete(subject);
    }
  }
}

/** Whole seconds, at least 1, because a cached lock has not ended. */
function secondsUntil(untilMs: number, now = Date.now()): number {
  return Math.max(1, Math.ceil((untilMs - now) / 1000));
}
