import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Credential, Endpoint, FrameEndpoint, SocketEndpoint } from '@secureconnect/contracts';
import type {
  FallbacksUsed,
  PortTable,
  RoutePolicy,
  RowBinding,
} from '@secureconnect/degraded-mode';
import type { Identity } from '../http/identity.ts';
import type { Logger } from '../observability/logger.ts';
import type { NoteSecurityEvent } from '../observability/security-events.ts';

/**
 * A route of a service as the router sees it: an endpoint, its row (what happens when Redis is down)
 * and its handler. `declarersFor` creates routes and checks the types of handlers; here, every
 * handler has the same type.
 */
export type Route<C> = HttpRoute<C> | UpgradeRoute<C> | MessageRoute<C>;

export interface HttpRoute<C> {
  readonly kind: 'http';
  readonly policy: RoutePolicy;
  /** Absent for a relay: the service behind it declares the endpoints. */
  readonly endpoint?: Endpoint;
  readonly method: Method;
  readonly path: string;
  readonly auth: Auth;
  readonly passesBy?: PassesBy<C> | undefined;
  handle(request: RequestOf<Auth, unknown, unknown, string, C>, ports: object): Promise<unknown>;
}

/** A WebSocket path. */
export interface UpgradeRoute<C> {
  readonly kind: 'upgrade';
  readonly policy: RoutePolicy;
  /** Absent for a relay. */
  readonly endpoint?: SocketEndpoint;
  readonly path: string;
  readonly auth: Auth;
  handle(request: UpgradeOf<Auth, unknown, string, C>, ports: object): Promise<void>;
}

/** A type of frame on the sockets of a path. */
export interface MessageRoute<C> {
  readonly kind: 'message';
  readonly policy: RoutePolicy;
  readonly endpoint: FrameEndpoint;
  readonly path: string;
  readonly sentBy: 'client' | 'server';
  handle(message: MessageOf<unknown, C, unknown>, ports: object): Promise<object | undefined>;
}

export type Auth = Credential;

/** The method under which the router lists a route; `all` for relays. */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'all';

/**
 * Whether a request is not for a relay. Such a request passes to the next route before anything is
 * asked of Redis or refused because of it.
 */
export type PassesBy<C> = (request: IncomingMessage, context: C) => boolean;

/** Checks a credential other than the token of a user. Throws ApiError. */
export type Authorize<C> = (request: IncomingMessage, context: C) => void;

/** The names of a path's parameters: `'/v1/calls/:call_id/end'` has `call_id`. */
export type PathParameters<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer More}`
    ? Name | PathParameters<`/${More}`>
    : Rest
  : never;

/** What the handler of a request gets, apart from its ports. */
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
  /** The requested host, with its port. */
  readonly host: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly log: Logger;
  /** Notes a security event that is not a refusal; a refusal carries its event in its ApiError. */
  readonly noteSecurity: NoteSecurityEvent;
  /** What the ports have fallen back to so far; for handlers that write their reply themselves. */
  readonly outcomes: FallbacksUsed;
  /** For bodies that are streamed; then the endpoint has no `body`. */
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** A signal that is aborted when the client leaves before it has its reply. */
  readonly clientLeft: () => AbortSignal;
}

/** What the handler of an upgrade gets: it has a socket instead of a reply. */
export interface UpgradeOf<A extends Auth, Q, Path extends string, C>
  extends Omit<RequestOf<A, undefined, Q, Path, C>, 'outgoing' | 'clientLeft'> {
  readonly socket: Duplex;
  /** The first bytes that the client sent after its request. */
  readonly head: Buffer;
  /** The types of frame of this path, for the reader of the socket. */
  readonly messages: BoundMessages<C>;
  /** Whether the token has been revoked since. Rejects if this is unknown. */
  isRevoked(): Promise<boolean>;
}

/** What the handler of a frame gets, apart from its ports. */
export interface MessageOf<F, C, Socket> {
  readonly user: Identity;
  /** The whole frame, as its schema parsed it. */
  readonly frame: F;
  readonly socket: Socket;
  readonly context: C;
  readonly log: Logger;
}

/** The frames of one path by type, with their ports bound. */
export type BoundMessages<C> = ReadonlyMap<
  string,
  { readonly route: MessageRoute<C>; readonly binding: RowBinding<PortTable, unknown> }
>;

/** Returned by a handler that has written its reply itself. */
export const replied: unique symbol = Symbol('replied');

/** Returned by the handler of a relay that passes a request to the next route. */
export const passed: unique symbol = Symbol('passed');
