import type { DegradedMode, Failure, Monitor } from '@secureconnect/degraded-mode';
import {
  databaseOutages,
  errorFields,
  type Logger,
  logDatabaseOutage,
} from '@secureconnect/service';
import { logBugs } from './log-bugs.ts';

export interface ChangesLogged {
  readonly mode: DegradedMode;
  readonly monitor: Monitor;
  readonly log: Logger;
  /** What an operator can do about a reason; undefined if nothing is known. */
  readonly explain: (reason: string) => string | undefined;
}

/**
 * Logs when degraded mode begins and ends, and why it continues. Returns a function that stops it.
 */
export function logChanges({ mode, monitor, log, explain }: ChangesLogged): () => void {
  // Many log stores reject a line with two fields of the same name.
  const service = 'service' in log.bindings() ? {} : { service: mode.service };
  const told = new Set<string>();
  const because = (reason: string): object => {
    const remedy = explain(reason);
    return { reason, ...(remedy === undefined ? {} : { remedy }) };
  };

  const entered = ({ reason }: { reason: string }): void => {
    told.clear();
    told.add(kindOf(reason));
    log.warn({ ...service, ...because(reason) }, 'Redis entered degraded mode');
  };
  const recovered = ({ reason, durationMs }: { reason: string; durationMs: number }): void => {
    const fields = { ...service, reason, durationMs: Math.round(durationMs) };
    log.info(fields, 'Redis recovered from degraded mode');
  };
  /**
   * Recovery is tried four times a second; one line of each kind per outage suffices. It avoids the
   * words "degraded mode", so that a search for them finds each outage once.
   */
  const stillUnavailable = (what: string, fields: object): void => {
    const level = told.has(what) ? 'debug' : 'warn';
    told.add(what);
    log[level]({ ...service, ...fields }, 'Redis is still unavailable');
  };
  const otherReason = ({ reason }: { reason: string }): void =>
    stillUnavailable(kindOf(reason), because(reason));
  monitor.on('reconciled', ({ dataChange, durationMs }) => {
    databaseOutages(log).worked();
    log.info(
      { ...service, dataChange, durationMs: Math.round(durationMs) },
      'Redis data reconciled',
    );
  });
  monitor.on('reconcilerFailed', ({ reconciler, error, failure }) => {
    const what = `reconciler: ${reconciler}`;
    if (logDatabaseOutage(log, error, { what })) return;
    stillUnavailable(what, { reconciler, ...causeOf(error, failure) });
  });
  monitor.on('probeFailed', ({ error }) => stillUnavailable('probe', errorFields(error)));
  mode.availability.on('entered', entered);
  mode.availability.on('reason', otherReason);
  mode.availability.on('recovered', recovered);
  const stopLoggingBugs = logBugs(mode, log, service);
  return () => {
    mode.availability.off('entered', entered);
    mode.availability.off('reason', otherReason);
    mode.availability.off('recovered', recovered);
    stopLoggingBugs();
    monitor.removeAllListeners();
  };
}

/** A refused login is one mistake, whichever command of whichever connection meets it. */
function kindOf(reason: string): string {
  return /^(?:WRONGPASS|NOAUTH)\b/.exec(reason)?.[0] ?? reason;
}

/** Replies of Redis may quote data, so only their code is logged. */
function causeOf(error: unknown, failure: Failure | undefined): object {
  return failure === undefined ? errorFields(error) : { reason: failure.reason };
}
