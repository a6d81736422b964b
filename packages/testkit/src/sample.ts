/** A user as the services beside auth know one: on record with a session, and with a token. */
export interface KnownUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly username: string;
  readonly token: string;
}

/** A user of a sample's own. */
export interface SampleUser extends KnownUser {
  readonly password: string;
  readonly refreshToken: string;
}

/** Creates the objects of samples, while Redis is up. */
export interface SampleWorld {
  /** Registers a user. */
  user(): Promise<SampleUser>;
  /**
   * A user for the samples of other services than auth, written to SQL without a registration:
   * a mail, a hash and a session in Redis for each would take most of the time of a whole run.
   */
  knownUser(): Promise<KnownUser>;
  /** Sends a request to a service's own port and returns `data`; throws if it is refused. */
  data(
    service: 'auth' | 'chat' | 'video' | 'storage',
    method: string,
    path: string,
    request?: { readonly token?: string; readonly body?: unknown },
  ): Promise<Readonly<Record<string, unknown>>>;
  /** Gives a user the role `admin`. */
  makeAdmin(userId: string): Promise<void>;
  /** Lets a ringing call ring for ten minutes: samples may be sent long after they were made. */
  keepRinging(callId: string): Promise<void>;
  /** Gives a participant a signaling socket, as far as SQL knows. */
  holdSocket(callId: string, userId: string): Promise<void>;
  /** The last token that was mailed to this address. */
  mailedToken(email: string): Promise<string>;
  /** The first group of a pattern in the newest mail to this address that has it. */
  mailed(email: string, pattern: RegExp): Promise<string>;
}

/**
 * An effect of a request in SQL, as a query that counts it: 0 before the request, 1 after its
 * success, and still 0 after a refusal.
 */
export interface StoredEffect {
  /** A SELECT of a number, with conditions on everything that must be stored. */
  readonly count: string;
  /** Its parameters. */
  readonly values: readonly string[];
  /** The port that causes it, if that may be skipped; then the effect must be absent. */
  readonly by?: string;
}

/** The effect of a request in SQL, or the reason why it has none. */
export type SampleEffect =
  | StoredEffect
  | readonly [StoredEffect, ...StoredEffect[]]
  | `none: ${string}`;

/** A complete request; `path` has its parameters filled in, or is a signed URL. */
export interface SampleRequest {
  readonly path: string;
  readonly token?: string;
  /** Further headers, such as a signature that is no token of a user. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent unchanged, with its content type. */
  readonly bytes?: { readonly content: Buffer; readonly contentType: string };
  /** Required by the conformance suite for every request except GET. */
  readonly effect?: SampleEffect;
}

/** A sample of a route: how to build its request, and its reply with Redis up. */
export interface Sample {
  readonly status: number;
  prepare(world: SampleWorld): Promise<SampleRequest>;
  /** The ports that this request uses. Default: all ports of its route. */
  readonly ports?: readonly string[];
}

/** Samples by route, such as `POST /v1/auth/login`. */
export type Samples = Readonly<Record<string, Sample | readonly Sample[]>>;

/** The samples of a service; the compiler requires at least one for each endpoint. */
export type SamplesOf<Endpoints> = {
  readonly [Id in keyof Endpoints as HttpRouteOf<Endpoints[Id]>]: Sample | readonly Sample[];
};

type HttpRouteOf<E> = E extends {
  readonly kind: 'http';
  readonly route: infer Route extends string;
}
  ? Route
  : never;

/** A text field of a reply; throws if it is not a text. */
export function textField(data: Readonly<Record<string, unknown>>, field: string): string {
  const value = data[field];
  if (typeof value !== 'string') throw new Error(`the reply has no text ${field}`);
  return value;
}
