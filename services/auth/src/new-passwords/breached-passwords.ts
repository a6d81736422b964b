import { createHash } from 'node:crypto';
import { counter, type Logger, OutageLog, type ServiceMetrics } from '@secureconnect/service';

/** Knows passwords that were in breaches. Never rejects: a check that fails is skipped. */
export interface BreachedPasswords {
  /** Whether a password is known from a breach; false also when that cannot be said. */
  isBreached(password: string): Promise<boolean>;
}

/** For services without a range API. */
export const noBreachedPasswords: BreachedPasswords = { isBreached: async () => false };

export interface BreachedPasswordsOptions {
  /** Base address; `/range/` and the first five digits of the SHA-1 are appended. */
  readonly url: string;
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
  /** Default 1500: a person waits for it. */
  readonly timeoutMs?: number;
  /** How long nothing is asked after a failure. Default 30,000. */
  readonly pauseMs?: number;
}

/** Maximum concurrent checks; further ones are skipped. */
const maxConcurrent = 20;
/** A range has some 1,000 lines of 40 bytes, and padding. */
const maxReplyBytes = 262_144;

/**
 * The range API of Have I Been Pwned (https://haveibeenpwned.com/API/v3#PwnedPasswords) or a copy of
 * it. It learns five of forty digits of the SHA-1 of a password, and padding hides the size of the
 * reply. Its fallback is to skip the check, counted by `auth_breached_password_checks_total`: who
 * registers must not depend on a third party, and the local list is checked all the same.
 */
export function breachedPasswordsApi(options: BreachedPasswordsOptions): BreachedPasswords {
  const { url, log, metrics, pauseMs = 30_000 } = options;
  const checks = counter(metrics, {
    name: 'auth_breached_password_checks_total',
    help: 'Checks of new passwords against the range API, by result; skipped: not checked',
    labelNames: ['result'],
  });
  const outages = new OutageLog({
    log,
    fields: { host: new URL(url).host },
    failedMessage: 'breached passwords not checked',
    workedMessage: 'breached passwords are checked again',
  });
  let running = 0;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  return {
    async isBreached(password) {
      if (running >= maxConcurrent || performance.now() < pausedUntilMs) {
        checks.inc({ result: 'skipped' });
        return false;
      }
      running += 1;
      try {
        const breached = await isInRange(options, sha1Of(password));
        outages.worked();
        checks.inc({ result: breached ? 'breached' : 'clean' });
        return breached;
      } catch (error) {
        outages.failed(error);
        pausedUntilMs = performance.now() + pauseMs;
        checks.inc({ result: 'skipped' });
        return false;
      } finally {
        running -= 1;
      }
    },
  };
}

/** Rejects if the reply is late, too large, or not a list of hashes. */
async function isInRange(options: BreachedPasswordsOptions, sha1: string): Promise<boolean> {
  const { url, timeoutMs = 1500 } = options;
  const prefix = sha1.slice(0, 5);
  const response = await fetch(`${url.replace(/\/$/, '')}/range/${prefix}`, {
    headers: { 'Add-Padding': 'true', 'User-Agent': 'secureconnect' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const lines = (await boundedText(response)).split(/\r?\n/).filter((line) => line !== '');
  if (!response.ok) throw new Error(`the range API answered ${response.status}`);
  if (lines.length === 0) throw new Error('the range API sent no hashes');
  let count = 0;
  for (const line of lines) {
    const [, suffix, times] = /^([0-9A-F]{35}):(\d+)$/i.exec(line) ?? [];
    if (suffix === undefined) throw new Error('the range API sent a line that is no hash');
    if (suffix.toUpperCase() === sha1.slice(5)) count = Number(times);
  }
  // Padding has a count of 0.
  return count > 0;
}

async function boundedText(response: Response): Promise<string> {
  let bytes = 0;
  const parts: Uint8Array[] = [];
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxReplyBytes) throw new Error(`the range API sent over ${maxReplyBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('latin1');
}

function sha1Of(password: string): string {
  return createHash('sha1').update(password.normalize('NFKC')).digest('hex').toUpperCase();
}
