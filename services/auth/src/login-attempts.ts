import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@secureconnect/postgres';
import { ApiError, type Logger } from '@secureconnect/service';
import type { SubjectLocks } from './ports/subject-locks.ts';
import { subjectOf } from './secrets.ts';
import {
  type CountedAttempt,
  countAttempt,
  settleAsFailed,
  settleAsSucceeded,
  takeBack,
} from './stores/login-attempts.ts';

const maxWaitMs = 5000;
const minPauseMs = 20;
const maxPauseMs = 250;
/** Waiting logins of one process, of all subjects. */
const maxWaiting = 500;

/**
 * Counts attempts at passwords before they are judged. Where as many are being judged as may still
 * fail, a further one waits until it is known what becomes of them: sixty right logins at once all
 * succeed, and of sixty wrong ones five are judged.
 */
export class LoginAttempts {
  readonly #database: Database;
  #waiting = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Begins an attempt at the password of an address. Dispose of it; unless it was settled before, it
   * is then taken back.
   * @throws ApiError ACCOUNT_LOCKED, or SERVICE_UNAVAILABLE where the wait is too long
   */
  async begin(email: string, locks: SubjectLocks, log: Logger): Promise<LoginAttempt> {
    const subject = subjectOf(email);
    const knownForSeconds = await locks.lockedForSeconds(subject);
    if (knownForSeconds > 0) throw locked(email, knownForSeconds);

    const attemptId = randomUUID();
    const deadline = performance.now() + maxWaitMs;
    for (let pauseMs = minPauseMs; ; pauseMs = Math.min(2 * pauseMs, maxPauseMs)) {
      const counting = await countAttempt(this.#database, subject, attemptId);
      if (counting.kind === 'counted') {
        return new LoginAttempt(this.#database, counting.attempt, log);
      }
      if (counting.kind === 'locked') {
        await locks.lock(subject, counting.forSeconds);
        throw locked(email, counting.forSeconds);
      }
      if (performance.now() > deadline || this.#waiting >= maxWaiting) throw busy();
      this.#waiting += 1;
      await delay(pauseMs * (0.5 + Math.random()));
      this.#waiting -= 1;
    }
  }
}

/** An attempt that is counted and being judged. */
export class LoginAttempt implements AsyncDisposable {
  readonly #database: Database;
  readonly #counted: CountedAttempt;
  readonly #log: Logger;
  #isSettled = false;

  constructor(database: Database, counted: CountedAttempt, log: Logger) {
    this.#database = database;
    this.#counted = counted;
    this.#log = log;
  }

  async failed(): Promise<void> {
    this.#isSettled = true;
    await settleAsFailed(this.#database, this.#counted);
  }

  async succeeded(): Promise<void> {
    this.#isSettled = true;
    await settleAsSucceeded(this.#database, this.#counted);
  }

  /** Takes the attempt back where something else than the password has ended it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isSettled) return;
    try {
      await takeBack(this.#database, this.#counted);
    } catch (error) {
      // What has ended the attempt is what the client hears; it counts until its lease is over.
      this.#log.warn({ err: error }, 'login attempt not withdrawn; it counts for a minute');
    }
  }
}

/** The same for addresses that nobody has: a lock tells nothing about who is registered. */
function locked(email: string, retryAfterSeconds: number): ApiError {
  return new ApiError('ACCOUNT_LOCKED', 'Too many failed logins; retry later.', {
    retryAfterSeconds,
    security: { event: 'login_locked', account: email },
  });
}

function busy(): ApiError {
  return new ApiError(
    'SERVICE_UNAVAILABLE',
    'Too many concurrent logins for this address; retry.',
    {
      retryAfterSeconds: 1,
    },
  );
}
