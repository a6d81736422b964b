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

/** The settings of a service by the names of their variables: flags, or one of several values. */
export type Settings = Readonly<Record<string, boolean | string>>;

/**
 * A fallback that an operator chooses by a setting (an environment variable). The row declares the
 * fallback of every value, so that the compiler, the docs and the tests see all of them.
 */
export interface BySetting<
  F extends Fallback = Fallback,
  Setting extends string = string,
  Value extends string = string,
> {
  readonly kind: 'bySetting';
  readonly setting: Setting;
  /** By value, `true` and `false` for a flag. The first one is that of the default value. */
  readonly choices: Readonly<Record<Value, F>>;
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
): BySetting<On | Off, Setting, 'true' | 'false'> {
  return { kind: 'bySetting', setting, choices: { false: choice.off, true: choice.on } };
}

/**
 * The fallback of the named setting's value, for a setting with several values. Name that of the
 * default value first: documents show it as the default.
 */
export function byValue<const Setting extends string, F extends Fallback, Value extends string>(
  setting: Setting,
  choices: Readonly<Record<Value, F>>,
): BySetting<F, Setting, Value> {
  return { kind: 'bySetting', setting, choices };
}

/** The fallbacks of a declaration by the setting's value, that of its default first. */
export function choicesOf({ choices }: BySetting): [string, Fallback][] {
  return Object.entries(choices);
}

/** The fallback of a declaration while the setting has its default value. */
export function defaultFallback(declared: Declared): Fallback {
  if (declared.kind !== 'bySetting') return declared;
  const [first] = choicesOf(declared);
  if (first === undefined) throw new Error(`no fallback for any value of ${declared.setting}`);
  return first[1];
}

/**
 * The fallback in force under the given settings.
 * @throws Error for an unknown setting (a misspelt one would always be off), and for a value for
 * which nothing is declared.
 */
export function resolveFallback(declared: Declared, settings: Settings): Fallback {
  if (declared.kind !== 'bySetting') return declared;
  const { setting, choices } = declared;
  const value = settings[setting];
  if (value === undefined) {
    const known = Object.keys(settings).join(', ') || 'none';
    throw new Error(`there is no setting ${setting}; the settings are: ${known}`);
  }
  const chosen = Object.hasOwn(choices, String(value)) ? choices[String(value)] : undefined;
  if (chosen === undefined) {
    const known = Object.keys(choices).join(', ');
    throw new Error(`${setting} is ${value}; fallbacks are declared for: ${known}`);
  }
  return chosen;
}
