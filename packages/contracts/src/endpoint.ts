import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * What a request must present: nothing, the access token of a user, or the token of signal sources
 * (`SIGNALS_TOKEN`).
 */
export type Credential = 'none' | 'bearer' | 'signals_token';

/**
 * The owner of the budget that a request spends: the user of its token, the client's address, or
 * the session of its refresh token. If the user or session is unknown, the address.
 */
export type CountedBy = 'user' | 'address' | 'session';

/** The rate limit that the gateway applies to a request before it forwards it. */
export interface RateLimit {
  /** The bucket in which requests are counted; endpoints may share one. */
  readonly bucket: string;
  /** Maximum requests of a user, address or session in any 60 s. */
  readonly perMinute: number;
  readonly countedBy: CountedBy;
  /** Also the maximum of an address in any 60 s, for subjects that clients can invent. */
  readonly perMinuteOfAddress?: number;
}

/** The default limit of an endpoint. */
export const defaultLimit: RateLimit = { bucket: 'default', perMinute: 100, countedBy: 'user' };

/**
 * The limit of everything below `/console`, whose pages have any name. A page has several files, and an
 * office has one address.
 */
export const consoleLimit: RateLimit = { bucket: 'console', perMinute: 600, countedBy: 'address' };

interface Described {
  /** Unique in the product: the operationId in OpenAPI and the key of handlers and samples. */
  readonly id: string;
  /** The operation as a refusal names it: "login is operating in degraded mode …". */
  readonly action: string;
  /** The group in the documentation. */
  readonly tag: string;
  /** One line, a verb first: "Send a message (idempotent per client_message_id)". */
  readonly summary: string;
  /**
   * What the summary does not say: for whom it is, what it leaves out, what a reader would not
   * expect. Whole sentences; all.test.ts asks for them.
   */
  readonly description?: string;
}

/** The public part of a route. Its service declares what happens while Redis is down. */
export interface EndpointOptions extends Described {
  /** `POST /v1/calls/:call_id/end`. */
  readonly route: `${HttpMethod} /${string}`;
  readonly auth: Credential;
  /**
   * The role that the user must have when the request arrives, by the database and not by the claim
   * of the token. With `auth: 'bearer'`.
   */
  readonly role?: 'admin';
  /** The schema of the JSON body. */
  readonly body?: z.ZodType;
  /** A body that is no JSON: the handler reads it itself. */
  readonly rawBody?: RawBody;
  /** Levels of objects and arrays that a body may have, default 64; Infinity: the handler checks. */
  readonly maxBodyLevels?: number;
  readonly query?: z.ZodType;
  /** The schema of `data` in the reply; absent if the handler writes the reply itself. */
  readonly reply?: z.ZodType;
  /** The status of success. Default 200. */
  readonly status?: number;
  /** Replies without the envelope, by status. */
  readonly otherReplies?: Readonly<Record<number, RawReply>>;
  /** The error codes of the handler, in addition to those of `auth`, `body` and `query`. */
  readonly errors: readonly ErrorCode[];
  /** Default: 100 per minute and user. */
  readonly limit?: RateLimit;
}

/** A body that is no JSON. */
export interface RawBody {
  readonly description: string;
  readonly mediaType: string;
}

/** A reply without the envelope. */
export interface RawReply {
  readonly description: string;
  /** Default `application/json`; without it and a schema the reply has no body. */
  readonly mediaType?: string;
  readonly schema?: z.ZodType;
}

/** A WebSocket path. */
export interface SocketOptions extends Described {
  /** `WS /v1/ws/chat`. */
  readonly route: `WS /${string}`;
  readonly auth: Credential;
  readonly query?: z.ZodType;
  /** What the server sends over it: a union of frames by their `type`. */
  readonly sends?: z.ZodType;
  /** What an upgrade is refused with, beside what follows from `auth` and `query`. */
  readonly errors: readonly ErrorCode[];
}

/** A type of frame that clients send over a socket. */
export interface FrameOptions extends Described {
  readonly type: string;
  /** The schema of the whole frame. */
  readonly frame: z.ZodType;
  /**
   * `server` for frames that the service itself sends when a socket opens or closes. Clients cannot
   * send such a type. Default `client`.
   */
  readonly sentBy?: 'client' | 'server';
  /** The schema of the answer to an accepted frame; absent if there is no answer. */
  readonly answer?: z.ZodType;
  /** The codes of error frames, in addition to those that any frame may be refused with. */
  readonly errors: readonly ErrorCode[];
}

export type Endpoint<Options extends EndpointOptions = EndpointOptions> = Options & {
  readonly kind: 'http';
  readonly method: HttpMethod;
  readonly path: string;
};

export type SocketEndpoint<Options extends SocketOptions = SocketOptions> = Options & {
  readonly kind: 'socket';
  readonly path: string;
};

export type FrameEndpoint<Options extends FrameOptions = FrameOptions> = Options & {
  readonly kind: 'frame';
  /** The route of the socket, and the type of the frame: `WS /v1/ws/chat typing`. */
  readonly route: `WS /${string} ${string}`;
  readonly path: string;
};

export type AnyEndpoint = Endpoint | SocketEndpoint | FrameEndpoint;

/** Declares a route, once for its service, the gateway, the documentation and the tests. */
export function endpoint<const Options extends EndpointOptions>(
  options: Options,
): Endpoint<Options> {
  const [method, path] = options.route.split(' ') as [HttpMethod, string];
  return { ...options, kind: 'http', method, path };
}

/** Declares a WebSocket path. */
export function socket<const Options extends SocketOptions>(
  options: Options,
): SocketEndpoint<Options> {
  return { ...options, kind: 'socket', path: options.route.slice('WS '.length) };
}

/** Declares a type of frame on a socket. */
export function frame<const Options extends FrameOptions>(
  { route, path }: SocketEndpoint,
  options: Options,
): FrameEndpoint<Options> {
  return { ...options, kind: 'frame', route: `${route} ${options.type}`, path };
}
