import type { DegradedMode } from './degraded-mode.ts';
import type {
  BySetting,
  Declared,
  FailClosed,
  FailOpenDurable,
  FailOpenKind,
  FailOpenLocal,
  FailOpenSkip,
  FailOpenSnapshot,
  Settings,
} from './fallback.ts';

/** The method of a snapshot in addition to the port's methods. */
export interface Aged {
  /** Seconds since this copy last agreed with its source; Infinity if it never did. */
  stalenessSeconds(): number;
}

/** An implementation of the port's interface for each way in which it may fail open. */
interface FailsOpen {
  readonly local?: object;
  readonly durable?: object;
  readonly snapshot?: Aged;
  readonly skip?: object;
}

/** A port that Redis backs: `redis` is the implementation that is used normally. */
export interface RedisPort extends FailsOpen {
  readonly redis: object;
}

/** A port that a different dependency backs, by its implementation on that. */
export interface BackedPort extends FailsOpen {
  readonly dependency: DegradedMode;
  readonly primary: object;
  /**
   * Its methods hand out a client of the dependency, and do not call it: that they succeed is no sign
   * that it answers.
   */
  readonly isLease?: true;
}

/** A port: an interface whose every method returns a promise, and what backs it. */
export type Port = RedisPort | BackedPort;

export type PortTable = { readonly [name: string]: Port };

/** The interface of a port: that of the implementation that is used normally. */
type InterfaceOf<P extends Port> = P extends { readonly redis: infer Primary }
  ? Primary
  : P extends { readonly primary: infer Primary }
    ? Primary
    : never;

/** Each fallback must have the interface of the implementation that is used normally. */
type SameInterface<P extends PortTable> = {
  readonly [Name in keyof P]: {
    readonly [Kind in keyof P[Name]]: Kind extends 'dependency' | 'isLease'
      ? P[Name][Kind]
      : Kind extends 'snapshot'
        ? InterfaceOf<P[Name]> & Aged
        : InterfaceOf<P[Name]>;
  };
};

/** Declares the ports of a service; does nothing at run time. */
export function definePorts<P extends PortTable>(ports: P & SameInterface<P>): P {
  return ports;
}

/** The fallbacks that a port implements are the fallbacks that a row may name. */
export type FallbackOf<P extends Port> =
  | FailClosed
  | (P extends { local: object } ? FailOpenLocal : never)
  | (P extends { durable: object } ? FailOpenDurable : never)
  | (P extends { snapshot: object } ? FailOpenSnapshot : never)
  | (P extends { skip: object } ? FailOpenSkip : never);

type DeclarableFor<P extends Port> = FallbackOf<P> | BySetting<FallbackOf<P>>;

/** The names of the ports that Redis backs. */
type RedisPorts<P extends PortTable> = {
  [Name in keyof P]: P[Name] extends RedisPort ? Name : never;
}[keyof P];

/** Any declaration of a row, before it is checked against the ports. */
export type AnyDeclaration = { readonly [port: string]: Declared };

/** The possible fallbacks of a port as a text: `failClosed, local`. */
type CanDo<P extends Port> = `failClosed${Able<P, 'local'>}${Able<P, 'durable'>}${Able<
  P,
  'snapshot'
>}${Able<P, 'skip'>}`;
type Able<P extends Port, Kind extends FailOpenKind> =
  P extends Record<Kind, object> ? `, ${Kind}` : '';

/**
 * Checks a row's declaration `W` against the ports `P` and the settings of the service. Errors
 * become text types, which the compiler prints.
 */
export type Checked<P extends PortTable, W, S extends Settings = Settings> = {
  readonly [Name in keyof W]: Name extends keyof P & string
    ? W[Name] extends DeclarableFor<P[Name]>
      ? CheckedSetting<W[Name], S>
      : `the port ${Name} can only do: ${CanDo<P[Name]>}`
    : [`there is no port ${Name & string}; the ports are`, keyof P];
};

/** The same for `whenRedisDown`, which may not name ports of other dependencies. */
export type CheckedForRedis<P extends PortTable, W> = {
  readonly [Name in keyof W]: Name extends Exclude<keyof P, RedisPorts<P>>
    ? `Redis does not back the port ${Name & string}: declare it in whenDown`
    : Checked<P, W>[Name];
};

type CheckedSetting<D, S extends Settings> = D extends {
  readonly setting: infer Name;
  readonly choices: infer Choices;
}
  ? Name extends keyof S & string
    ? CheckedValues<D, Name, keyof Choices, `${S[Name]}`>
    : [`there is no setting ${Name & string}; the settings are`, keyof S]
  : D;

/** Exactly the values of a setting must be declared; any, if they are unknown. */
type CheckedValues<D, Name extends string, Declared, Values extends string> = string extends Values
  ? D
  : [Declared, Values] extends [Values, Declared]
    ? D
    : [`the values of the setting ${Name} are`, Values];

/**
 * The ports of a handler: exactly those that its row names. (The condition is always true; it makes
 * the compiler print the ports instead of this name and the whole table.)
 */
export type PortsOf<P extends PortTable, W> = W extends unknown
  ? { readonly [Name in keyof W & keyof P]: InterfaceOf<P[Name]> }
  : never;

/** The mode of a port that a dependency other than Redis backs. */
export function dependencyOf(port: Port): DegradedMode | undefined {
  return 'dependency' in port ? port.dependency : undefined;
}

/** Whether the success of a call says that the dependency answers. */
export function isSignOfLife(port: Port): boolean {
  return !('dependency' in port && port.isLease === true);
}

/** The implementation that is used normally. */
export function primaryOf(port: Port): object {
  return 'dependency' in port ? port.primary : port.redis;
}
