import { setTimeout as delay } from 'node:timers/promises';
import { DegradedRefusal } from '@secureconnect/degraded-mode';
import { type Logger, logDatabaseOutage } from '@secureconnect/service';
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
    const fields = { file_id: fileId };
    if (error instanceof DegradedRefusal) log.warn({ ...fields, err: error }, message);
    else if (!logDatabaseOutage(log, error, { ...fields, what: message })) {
      log.error({ ...fields, err: error }, message);
    }
  }
}
