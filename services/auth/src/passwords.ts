import { availableParallelism } from 'node:os';
import { counter, gauge, type ServiceMetrics, threadShare } from '@secureconnect/service';
import { type HashClient, HashQueue } from './hashing/hash-queue.ts';
import { hashPassword, isCurrentHash, matchesHash } from './hashing/password-scheme.ts';

/** `hash` and `matches` reject with SERVICE_UNAVAILABLE, without hashing, if too many requests wait. */
export interface Passwords {
  hash(password: string, client: HashClient): Promise<string>;
  /** Takes as long without a stored hash as with one, so that the duration reveals nothing. */
  matches(password: string, storedHash: string | undefined, client: HashClient): Promise<boolean>;
  /** False for a hash of an older scheme or of a lower cost: see `judgePassword`. */
  isCurrent(storedHash: string): boolean;
}

export interface PasswordsOptions {
  /** The work factor of bcrypt: a hash takes 2^cost rounds. */
  readonly cost: number;
  readonly metrics: ServiceMetrics;
}

/** Clients rarely wait longer for a login, and the gateway gives up after 15 s. */
const maxWaitMs = 5000;

/** bcrypt on the thread pool, off the event loop, behind a bounded queue. */
export async function createPasswords({ cost, metrics }: PasswordsOptions): Promise<Passwords> {
  const startedAt = performance.now();
  const nobodysHash = await hashPassword('a password that no one has', cost);
  const refused = counter(metrics, {
    name: 'auth_password_hashes_refused_total',
    help: 'Requests refused before their password was hashed, by reason',
    labelNames: ['reason'],
  });
  const queue = new HashQueue({
    maxRunning: threadsForHashing(process.env['UV_THREADPOOL_SIZE']),
    maxWaitMs,
    firstHashMs: performance.now() - startedAt,
    onRefused: (reason) => refused.inc({ reason }),
  });
  gauge(metrics, {
    name: 'auth_password_hashes_waiting',
    help: 'Requests waiting for their password to be hashed',
    read: () => queue.waiting,
  });
  return {
    hash: (password, client) => queue.run(client, () => hashPassword(password, cost)),
    async matches(password, storedHash, client) {
      const hash = storedHash ?? nobodysHash;
      const equal = await queue.run(client, () => matchesHash(password, hash));
      return equal && storedHash !== undefined;
    },
    isCurrent: (storedHash) => isCurrentHash(storedHash, cost),
  };
}

/** A part of libuv's threads, but no more than there are processors. */
export function threadsForHashing(
  poolSize: string | undefined,
  processors = availableParallelism(),
): number {
  return Math.min(processors, threadShare(poolSize));
}
