import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Credential, Endpoint, FrameEndpoint, SocketEndpoint } from '@secureconnect/contracts';
import type {
  AnyDeclaration,
  Checked,
  Outcomes,
  PortsOf,
  PortTable,
  Row,
  RowBinding,
} from '@secureconnect/degraded-mode';
import type { z } from 'zod';
import type { Identity } from './identity.ts';
import type { Logger } from './logger.ts';
import type { NoteSecurityEvent } from './security-events.ts';

export type Auth = Credential;
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'all';

/** The names of a path's parameters: `'/v1/calls/:call_id/end'` has `call_id`. */
export type PathParameters<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer More}`
    ? Name | PathParameters<`/${More}`>
    : Rest
  : never;

/** What a handler is given of a request, apart from its ports. */
export interface RequestOf<A extends Auth, B, Q, Path extends string, C> {
  readonly user: A extends 'bearer' ? Identity : undefined;
  readonly body: B;
  readonly query: Q;
  readonly params: { readonly [Name in PathParameters<Path>]: string };
  /** What the service built at start: its stores and settings. */
  readonly context: C;
  readonly requestId: string;
  readonly clientAddress: string;
  /** `http` or `https`, as the client sent it to the first trusted proxy. */
  readonly protocol: string;
  /** The host that the client asked for, with its port. */
  readonly host: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly log: Logger;
  /** For what happened, and security cares about; a refusal has its event in its ApiError. */
  readonly noteSecurity: NoteSecurityEvent;
  /** What the ports have fallen back to so far; for handlers that write their reply themselves. */
  readonly outcomes: Outcomes;
  /** For bodies that are streamed; then the row has no `body`. */
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** A signal that is aborted when the client goes before it has its reply. */
  readonly clientLeft: () => AbortSignal;
}

/** An upgrade request has a socket in place of a reply. */
export interface UpgradeOf<A extends Auth, Q, Path extends string, C>
  extends Omit<RequestOf<A, undefined, Q, Path, C>, 'outgoing' | 'clientLeft'> {
  readonly socket: Duplex;
  /** The first bytes that the client sent after its request. */
  readonly head: Buffer;
  /** The message rows of this path by type, for whoever reads the socket. */
  readonly messages: BoundMessages<C>;
  /** Whether the token was revoked since. Rejects where that cannot be told. */
  isRevoked(): Promise<boolean>;
}

/** What the handler of a WebSocket message is given, apart from its ports. */
export interface MessageOf<F, C, Socket> {
  readonly user: Identity;
  /** The whole frame, as the row's schema made it. */
  readonly frame: F;
  readonly socket: Socket;
  readonly context: C;
  readonly log: Logger;
}

interface Common<P extends PortTable, W, A> {
  /** Names the operation in degraded replies, OpenAPI and metrics: `login`. */
  readonly operation: string;
  readonly auth: A;
  /** For each Redis-backed port that the handler uses: what happens when Redis is down. */
  readonly whenRedisDown: W & Checked<P, W>;
}

/** Whether a request may come in at all, by something other than a user's token. Throws ApiError. */
export type Authorize<C> = (request: IncomingMessage, context: C) => void;

export interface HttpRow<P extends PortTable, W, A, B, Q, R, C> extends Common<P, W, A> {
  readonly summary?: string;
  /**
   * Requests that are none of this row's: they go on to what is declared after it, before anything is
   * asked of Redis or refused for its sake.
   */
  readonly passesBy?: (request: IncomingMessage, context: C) => boolean;
  /** Asked first: who may not come in learns nothing of Redis, and no body of theirs is read. */
  readonly authorize?: Authorize<C>;
  readonly body?: B;
  /** Levels of objects and arrays that a body may have, default 64; Infinity: the handler sees to it. */
  readonly maxBodyLevels?: number;
  readonly query?: Q;
  /** The schema of `data` in the reply; absent where the handler writes the reply itself. */
  readonly reply?: R;
  /** The status of success. Default 200. */
  readonly status?: number;
}

export interface UpgradeRow<P extends PortTable, W, A, Q> extends Common<P, W, A> {
  readonly query?: Q;
}

export interface MessageRow<P extends PortTable, W, F> {
  readonly operation: string;
  /** The schema of the whole frame. */
  readonly frame: F;
  /**
   * `server` for what the service itself sends when something happens to a socket (it opened, it
   * closed): the row is then run by the service, and clients cannot send the type. Default `client`.
   */
  readonly sentBy?: 'client' | 'server';
  readonly whenRedisDown: W & Checked<P, W>;
}

/** Returned by a handler that has written its reply itself. */
export const replied: unique symbol = Symbol('replied');

/** Returned by a handler that lets a request go on to what is declared after its row. */
export const passed: unique symbol = Symbol('passed');

/** A route as the router sees it; the types were checked where it was declared. */
export interface HttpRoute<C> {
  readonly kind: 'http';
  readonly row: Row;
  /** Absent for what the gateway passes on: other services declare it. */
  readonly endpoint?: Endpoint;
  readonly method: Method;
  readonly path: string;
  readonly auth: Auth;
  readonly passesBy?: ((request: IncomingMessage, context: C) => boolean) | undefined;
  readonly authorize?: Authorize<C> | undefined;
  readonly summary?: string | undefined;
  readonly body?: z.ZodType | undefined;
  readonly maxBodyLevels: number;
  readonly query?: z.ZodType | undefined;
  readonly reply?: z.ZodType | undefined;
  readonly status: number;
  handle(request: RequestOf<Auth, unknown, unknown, string, C>, ports: object): Promise<unknown>;
}

export interface UpgradeRoute<C> {
  readonly kind: 'upgrade';
  readonly row: Row;
  readonly endpoint?: SocketEndpoint;
  readonly path: string;
  readonly auth: Auth;
  readonly query?: z.ZodType | undefined;
  handle(request: UpgradeOf<Auth, unknown, string, C>, ports: object): Promise<void>;
}

export interface MessageRoute<C> {
  readonly kind: 'message';
  readonly row: Row;
  readonly endpoint?: FrameEndpoint;
  readonly path: string;
  readonly type: string;
  readonly frame: z.ZodType;
  readonly sentBy: 'client' | 'server';
  handle(message: MessageOf<unknown, C, unknown>, ports: object): Promise<object | undefined>;
}

/** The message rows of one path by type, with their ports bound. */
export type BoundMessages<C> = ReadonlyMap<
  string,
  { readonly route: MessageRoute<C>; readonly binding: RowBinding<PortTable, unknown> }
>;

export type Route<C> = HttpRoute<C> | UpgradeRoute<C> | MessageRoute<C>;

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;
type ReplyOf<R> = R extends z.ZodType ? z.input<R> : typeof replied | typeof passed;

type HttpDeclarer<P extends PortTable, C> = <
  const Path extends string,
  const W extends AnyDeclaration,
  const A extends Auth,
  B extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  R extends z.ZodType | undefined = undefined,
>(
  path: Path,
  row: HttpRow<P, W, A, B, Q, R, C>,
  handle: (
    request: RequestOf<A, OutputOf<B>, OutputOf<Q>, Path, C>,
    ports: PortsOf<P, W>,
  ) => Promise<ReplyOf<R>>,
) => HttpRoute<C>;

/** Declares routes: each takes a path, a row and a handler; a route without a row does not compile. */
export interface RouteDeclarer<P extends PortTable, C, Socket = unknown>
  extends Readonly<Record<Method, HttpDeclarer<P, C>>> {
  /** A WebSocket upgrade. */
  upgrade<
    const Path extends string,
    const W extends AnyDeclaration,
    const A extends Auth,
    Q extends z.ZodType | undefined = undefined,
  >(
    path: Path,
    row: UpgradeRow<P, W, A, Q>,
    handle: (request: UpgradeOf<A, OutputOf<Q>, Path, C>, ports: PortsOf<P, W>) => Promise<void>,
  ): UpgradeRoute<C>;
  /** A message type on the sockets of `path`; what the handler returns is its sender's answer. */
  message<const W extends AnyDeclaration, F extends z.ZodType>(
    path: string,
    type: string,
    row: MessageRow<P, W, F>,
    handle: (
      message: MessageOf<z.output<F>, C, Socket>,
      ports: PortsOf<P, W>,
    ) => Promise<object | undefined>,
  ): MessageRoute<C>;
}
