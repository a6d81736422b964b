import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Database, isDatabaseUnavailable } from '@secureconnect/postgres';
import { ApiError, type Logger } from '@secureconnect/service';
import { type AuditOrigin, recordFailedLogin } from './audit/record-audit.ts';
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
/** Maximum waiting logins per process, of all subjects. */
const maxWaiting = 500;

/**
 * Counts login attempts before their passwords are judged. While as many attempts are being judged
 * as may still fail, further attempts wait for their results: sixty concurrent logins with the
 * right password all succeed, and of sixty with a wrong one five are judged.
 */
export class LoginAttempts {
  readonly #database: Database;
  #waiting = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Begins a login attempt for an address. Disposing of an unsettled attempt withdraws it.
   * @throws ApiError ACCOUNT_LOCKED, or SERVICE_UNAVAILABLE if the wait is too long
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

  /** @param userId the owner of the address, if somebody has it */
  async failed(userId: string | undefined, origin: AuditOrigin): Promise<void> {
    this.#isSettled = true;
    await this.#database.transaction(async (sql) => {
      await settleAsFailed(sql, this.#counted);
      await recordFailedLogin(sql, this.#counted.subject, userId, origin);
    });
  }

  async succeeded(): Promise<void> {
    this.#isSettled = true;
    await settleAsSucceeded(this.#database, this.#counted);
  }

  /** Withdraws the attempt if something other than the password ended it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isSettled) return;
    try {
      await takeBack(this.#database, this.#counted);
    } catch (error) {
      // The client gets the error that ended the attempt. The attempt counts until its lease ends.
      const level = isDatabaseUnavailable(error) ? 'warn' : 'error';
      this.#log[level]({ err: error }, 'login attempt not withdrawn; it counts for a minute');
    }
  }
}

/** Unregistered addresses are locked too, so a lock does not reveal whether one is registered. */
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
