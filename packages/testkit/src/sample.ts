/** A user that a sample may use as it likes. */
export interface SampleUser {
  readonly userId: string;
  readonly email: string;
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
}

/** What samples are made from; everything in it is made while Redis is there. */
export interface SampleWorld {
  /** Registers a user. */
  user(): Promise<SampleUser>;
  /** Sends a request to a service's own port and returns `data`; throws when it is refused. */
  data(
    service: 'auth' | 'chat' | 'video' | 'storage',
    method: string,
    path: string,
    request?: { readonly token?: string; readonly body?: unknown },
  ): Promise<Readonly<Record<string, unknown>>>;
  /** The token that was mailed to this address last. */
  mailedToken(email: string): Promise<string>;
}

/**
 * Something that a request leaves in SQL, as a question that counts how often it has happened: 0
 * before the request, 1 after its success, and 0 still after a refusal.
 */
export interface StoredEffect {
  /** A SELECT of one number; it says all that must be stored, in the right place and no other. */
  readonly count: string;
  /** Its parameters. */
  readonly values: readonly string[];
  /** The port by which it comes about, where that may be skipped: then it must not have happened. */
  readonly by?: string;
}

/** What a request leaves in SQL; a request that leaves nothing there says why. */
export type SampleEffect =
  | StoredEffect
  | readonly [StoredEffect, ...StoredEffect[]]
  | `none: ${string}`;

/** A request that may be sent; `path` has its parameters filled in, or is a whole signed URL. */
export interface SampleRequest {
  readonly path: string;
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with its content type. */
  readonly bytes?: { readonly content: Buffer; readonly contentType: string };
  /** A request that writes (it is no GET) must say it; without it the conformance suite fails. */
  readonly effect?: SampleEffect;
}

/** One way to use a row: how its request is made and how it answers as usual. */
export interface Sample {
  readonly status: number;
  prepare(world: SampleWorld): Promise<SampleRequest>;
  /** The ports that this request uses; without it, all of its row. */
  readonly ports?: readonly string[];
}

/** Samples by route: `POST /v1/auth/login`. */
export type Samples = Readonly<Record<string, Sample | readonly Sample[]>>;

/** The samples of a service: the compiler wants at least one for each of its endpoints. */
export type SamplesOf<Endpoints> = {
  readonly [Id in keyof Endpoints as HttpRouteOf<Endpoints[Id]>]: Sample | readonly Sample[];
};

type HttpRouteOf<E> = E extends {
  readonly kind: 'http';
  readonly route: infer Route extends string;
}
  ? Route
  : never;

/** A field of a reply that must be a text. */
export function textField(data: Readonly<Record<string, unknown>>, field: string): string {
  const value = data[field];
  if (typeof value !== 'string') throw new Error(`the reply has no text ${field}`);
  return value;
}
