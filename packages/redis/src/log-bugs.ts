import type { DegradedMode, Failure } from '@secureconnect/degraded-mode';
import type { Logger } from '@secureconnect/service';

/** Every request may hit a mistake, so each kind is logged once per interval, with its count. */
const betweenLinesMs = 60_000;

/**
 * Logs our invalid commands that Redis refused, by code and command. Returns a function that stops
 * it.
 */
export function logBugs(mode: DegradedMode, log: Logger, fields: object): () => void {
  const seen = new Map<string, { lastMs: number; notLogged: number }>();
  const bug = ({ reason }: Failure): void => {
    const known = seen.get(reason);
    const now = performance.now();
    if (known !== undefined && now - known.lastMs < betweenLinesMs) {
      known.notLogged += 1;
      return;
    }
    const times = (known?.notLogged ?? 0) + 1;
    seen.set(reason, { lastMs: now, notLogged: 0 });
    log.error({ ...fields, reason, times }, 'Redis refused an invalid command of this service');
  };
  mode.on('bug', bug);
  return () => mode.off('bug', bug);
}
