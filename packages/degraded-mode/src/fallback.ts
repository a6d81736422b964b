/**
 * The behaviour of a port while Redis is down, or when its command just failed. A row of the route
 * table names one for each port that it uses.
 */

/** Answers 503 with the degraded body; the request has no effect. */
export interface FailClosed {
  readonly kind: 'failClosed';
  readonly retryAfterSeconds: number;
  /**
   * Refuses when the handler calls the port, not before the handler: for a port that only some
   * requests of the row need. The handler must call it before any durable write.
   */
  readonly checkedAt?: 'call';
}
/** An in-process fallback answers. */
export interface FailOpenLocal {
  readonly kind: 'local';
}
/** The durable store (SQL, Cassandra) answers. */
export interface FailOpenDurable {
  readonly kind: 'durable';
}
/** The last copy answers; if it is older than the bound, the port fails closed. */
export interface FailOpenSnapshot {
  readonly kind: 'snapshot';
  readonly maxStalenessSeconds: number;
}
/** The effect is dropped, counted and named in the reply. */
export interface FailOpenSkip {
  readonly kind: 'skip';
}

export type Fallback =
  | FailClosed
  | FailOpenLocal
  | FailOpenDurable
  | FailOpenSnapshot
  | FailOpenSkip;

/** The ways a port can fail open; each is a key of the port that implements it. */
export type FailOpenKind = Exclude<Fallback['kind'], 'failClosed'>;

/**
 * A fallback that an operator chooses by a boolean setting (an environment variable). The row
 * declares both fallbacks, so that the compiler, the docs and the tests see both.
 */
export interface BySetting<F extends Fallback = Fallback, Setting extends string = string> {
  readonly kind: 'bySetting';
  readonly setting: Setting;
  readonly on: F;
  readonly off: F;
}

export type Declared = Fallback | BySetting;

/** Refuses with 503 and `Retry-After: retryAfterSeconds`; `checkedAt` says when. */
export function failClosed(options: { retryAfterSeconds: number; checkedAt?: 'call' }): FailClosed {
  return { kind: 'failClosed', ...options };
}

export const failOpen = {
  local: (): FailOpenLocal => ({ kind: 'local' }),
  durable: (): FailOpenDurable => ({ kind: 'durable' }),
  snapshot: (options: { maxStalenessSeconds: number }): FailOpenSnapshot => ({
    kind: 'snapshot',
    maxStalenessSeconds: options.maxStalenessSeconds,
  }),
  skip: (): FailOpenSkip => ({ kind: 'skip' }),
} as const;

/** `on` while the named setting is true, `off` otherwise. Resolved once, when the row is bound. */
export function bySetting<const Setting extends string, On extends Fallback, Off extends Fallback>(
  setting: Setting,
  choice: { on: On; off: Off },
): BySetting<On | Off, Setting> {
  return { kind: 'bySetting', setting, on: choice.on, off: choice.off };
}

/**
 * The fallback in force under the given settings.
 * @throws Error for an unknown setting: a misspelt one would always be off.
 */
export function resolveFallback(
  declared: Declared,
  settings: Readonly<Record<string, boolean>>,
): Fallback {
  if (declared.kind !== 'bySetting') return declared;
  const isOn = settings[declared.setting];
  if (isOn === undefined) {
    const known = Object.keys(settings).join(', ') || 'none';
    throw new Error(`there is no setting ${declared.setting}; the settings are: ${known}`);
  }
  return isOn ? declared.on : declared.off;
}
