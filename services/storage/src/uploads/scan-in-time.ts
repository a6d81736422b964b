import { setTimeout as delay } from 'node:timers/promises';
import { DegradedRefusal } from '@secureconnect/degraded-mode';
import { isDatabaseUnavailable } from '@secureconnect/postgres';
import { causeOf, type Logger } from '@secureconnect/service';
import type { Scanning } from '../scan/scans.ts';

/** Maximum wait of a client for the scan hook; after that it repeats the request. */
const defaultMaxWaitMs = 2000;

/**
 * Scans a file in quarantine, and resolves when that has ended or after `maxWaitMs`; the scan then
 * continues in the background. A hook that is down is no error here: the fallback of the port leaves
 * the file to a later scan. Rejects with every error that ends the scan within the wait: the refusal
 * of the port, a database that is down, or a mistake. Later ones are logged, as the request has been
 * answered.
 */
export async function scanInTime(
  scanning: Scanning,
  fileId: string,
  log: Logger,
  maxWaitMs = defaultMaxWaitMs,
): Promise<void> {
  const answered = new AbortController();
  const scanned = scanning.scan(fileId).finally(() => answered.abort());
  const waited = delay(maxWaitMs, undefined, { signal: answered.signal }).then(
    () => 'late' as const,
    () => scanned, // The wait was ended by the scan.
  );
  if ((await waited) === 'late') void logFailure(scanned, fileId, log);
}

async function logFailure(scanned: Promise<void>, fileId: string, log: Logger): Promise<void> {
  const message = 'scan failed after the reply; retrying later';
  try {
    await scanned;
  } catch (error) {
    const isOutage = error instanceof DegradedRefusal || isDatabaseUnavailable(error);
    if (isOutage) log.warn({ file_id: fileId, cause: causeOf(error) }, message);
    else log.error({ file_id: fileId, err: error }, message);
  }
}
