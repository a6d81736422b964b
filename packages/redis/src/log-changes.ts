import type { DegradedMode, Monitor } from '@secureconnect/degraded-mode';
import type { Logger } from '@secureconnect/service';

/** A line when degraded mode begins and when it ends, and why it goes on. Returns what ends that. */
export function logChanges(mode: DegradedMode, monitor: Monitor, log: Logger): () => void {
  // Two fields of one name in a line are more than many a log store accepts.
  const service = 'service' in log.bindings() ? {} : { service: mode.service };
  const told = new Set<string>();

  const entered = ({ reason }: { reason: string }): void => {
    told.clear();
    log.warn({ ...service, reason }, 'Redis entered degraded mode');
  };
  const recovered = ({ reason, durationMs }: { reason: string; durationMs: number }): void => {
    const fields = { ...service, reason, durationMs: Math.round(durationMs) };
    log.info(fields, 'Redis recovered from degraded mode');
  };
  /** Recovery is tried twice a second; a line of each kind an outage is enough. */
  const goesOn = (what: string, fields: object): void => {
    const level = told.has(what) ? 'debug' : 'warn';
    told.add(what);
    log[level]({ ...service, ...fields }, 'Redis degraded mode goes on');
  };
  monitor.on('reconciled', ({ dataChange, durationMs }) => {
    log.info(
      { ...service, dataChange, durationMs: Math.round(durationMs) },
      'Redis data reconciled',
    );
  });
  monitor.on('reconcilerFailed', ({ reconciler, error }) => {
    goesOn(reconciler, { reconciler, err: error });
  });
  monitor.on('probeFailed', ({ error }) => goesOn('probe', { err: error }));
  mode.availability.on('entered', entered);
  mode.availability.on('recovered', recovered);
  return () => {
    mode.availability.off('entered', entered);
    mode.availability.off('recovered', recovered);
    monitor.removeAllListeners();
  };
}
