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

/**
 * A port: the Redis implementation of an interface, and an implementation of the same interface for
 * each way in which it may fail open. Every method returns a promise.
 */
export interface Port {
  readonly redis: object;
  readonly local?: object;
  readonly durable?: object;
  readonly snapshot?: Aged;
  readonly skip?: object;
}

export type PortTable = { readonly [name: string]: Port };

/** Each fallback must have the interface of the Redis implementation. */
type SameInterface<P extends PortTable> = {
  readonly [Name in keyof P]: {
    readonly [Kind in keyof P[Name]]: Kind extends 'snapshot'
      ? P[Name]['redis'] & Aged
      : P[Name]['redis'];
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
  ? { readonly [Name in keyof W & keyof P]: P[Name]['redis'] }
  : never;
