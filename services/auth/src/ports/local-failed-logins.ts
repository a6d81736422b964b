import { lockout } from '../lockout.ts';
import type { FailedLogins } from './failed-logins.ts';

interface Count {
  failures: number;
  endsAt: number;
}

const mostSubjects = 50_000;

/**
 * The same counting in this process alone, while Redis is down and stateless login is on. Bounded:
 * when it is full of live subjects, further ones share one count, which errs on the safe side.
 */
export class LocalFailedLogins implements FailedLogins {
  readonly #counts = new Map<string, Count>();
  readonly #mostSubjects: number;
  readonly #now: () => number;

  constructor(options: { mostSubjects?: number; now?: () => number } = {}) {
    this.#mostSubjects = options.mostSubjects ?? mostSubjects;
    this.#now = options.now ?? Date.now;
  }

  async lockedForSeconds(subject: string): Promise<number> {
    const count = this.#counts.get(this.#nameFor(subject));
    if (count === undefined || count.failures < lockout.failures) return 0;
    return Math.max(0, Math.ceil((count.endsAt - this.#now()) / 1000));
  }

  async record(subject: string): Promise<void> {
    const name = this.#nameFor(subject);
    const now = this.#now();
    const known = this.#counts.get(name);
    const windowEndsAt = now + lockout.windowSeconds * 1000;
    const count =
      known !== undefined && known.endsAt > now ? known : { failures: 0, endsAt: windowEndsAt };
    count.failures += 1;
    if (count.failures >= lockout.failures) count.endsAt = windowEndsAt;
    this.#counts.set(name, count);
  }

  async clear(subject: string): Promise<void> {
    this.#counts.delete(subject);
  }

  #nameFor(subject: string): string {
    if (this.#counts.has(subject) || this.#counts.size < this.#mostSubjects) return subject;
    this.#dropEnded();
    return this.#counts.size < this.#mostSubjects ? subject : 'everyone else';
  }

  #dropEnded(): void {
    const now = this.#now();
    for (const [name, count] of this.#counts) {
      if (count.endsAt <= now) this.#counts.delete(name);
    }
  }
}
