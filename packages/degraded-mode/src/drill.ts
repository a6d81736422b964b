const maxDrillSeconds = 3600;

/** Something that is forced to be degraded for a time. */
export interface Drill {
  /** When it ends by itself. */
  readonly endsAt: Date;
  /** Stops the clock, for a drill that is ended sooner. */
  stop(): void;
}

/**
 * Calls `onEnd` after a time, unless it is stopped before.
 * @throws RangeError for a time that is not within an hour
 */
export function startDrill(seconds: number, onEnd: () => void): Drill {
  if (!(seconds > 0 && seconds <= maxDrillSeconds)) {
    throw new RangeError(`a drill takes more than 0 and at most ${maxDrillSeconds} s: ${seconds}`);
  }
  const timer = setTimeout(onEnd, seconds * 1000);
  timer.unref();
  return { endsAt: new Date(Date.now() + seconds * 1000), stop: () => clearTimeout(timer) };
}
