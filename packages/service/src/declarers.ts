import type { IncomingMessage } from 'node:http';
import type {
  AnyEndpoint,
  Endpoint,
  EndpointOptions,
  FrameEndpoint,
  SocketEndpoint,
  SocketOptions,
} from '@secureconnect/contracts';
import type { AnyDeclaration, Checked, PortsOf, PortTable } from '@secureconnect/degraded-mode';
import type { z } from 'zod';
import { defaultMaxLevels } from './nesting.ts';
import type {
  HttpRoute,
  MessageOf,
  MessageRoute,
  passed,
  RequestOf,
  replied,
  UpgradeOf,
  UpgradeRoute,
} from './route.ts';

export interface DeclarerOptions {
  /** The ports that a bearer check uses, added to every route with `auth: 'bearer'`. */
  readonly bearer?: AnyDeclaration;
}

type SchemaOutput<Of, Key extends string> = Of extends {
  readonly [K in Key]: infer S extends z.ZodType;
}
  ? z.output<S>
  : undefined;

/** What the handler of an endpoint is given, apart from its ports. */
export type RequestFor<E extends EndpointOptions, C> = RequestOf<
  E['auth'] extends 'bearer' ? 'bearer' : 'none',
  SchemaOutput<E, 'body'>,
  SchemaOutput<E, 'query'>,
  E['route'],
  C
>;

/** What it returns: the reply's data, or that it has replied itself. */
export type ReplyTo<E> = E extends { readonly reply: infer R extends z.ZodType }
  ? z.input<R>
  : typeof replied | typeof passed;

/** What the handler of a WebSocket path is given, apart from its ports. */
export type UpgradeFor<E extends SocketOptions, C> = UpgradeOf<
  E['auth'] extends 'bearer' ? 'bearer' : 'none',
  SchemaOutput<E, 'query'>,
  E['route'],
  C
>;

/** Declares the routes of one service over its ports `P`, its context `C` and its `Settings`. */
export interface Declarers<P extends PortTable, C, Settings extends string, Connection> {
  /** A route: an endpoint, what happens when Redis is down, a handler. */
  route<const E extends Endpoint, const W extends AnyDeclaration>(
    endpoint: E,
    whenRedisDown: W & Checked<P, W, Settings>,
    handle: (request: RequestFor<E, C>, ports: PortsOf<P, W>) => Promise<ReplyTo<E>>,
  ): Handled<HttpRoute<C>, E['id']>;
  /** A WebSocket path. */
  socket<const E extends SocketEndpoint, const W extends AnyDeclaration>(
    endpoint: E,
    whenRedisDown: W & Checked<P, W, Settings>,
    handle: (request: UpgradeFor<E, C>, ports: PortsOf<P, W>) => Promise<void>,
  ): Handled<UpgradeRoute<C>, E['id']>;
  /** A type of frame; what the handler returns is its sender's answer. */
  frame<const E extends FrameEndpoint, const W extends AnyDeclaration>(
    endpoint: E,
    whenRedisDown: W & Checked<P, W, Settings>,
    handle: (
      message: MessageOf<z.output<E['frame']>, C, Connection>,
      ports: PortsOf<P, W>,
    ) => Promise<object | undefined>,
  ): Handled<MessageRoute<C>, E['id']>;
  /**
   * What is passed on to another service, which declares the endpoints, or counted and let by. It has
   * no endpoint and stands in no document.
   */
  relay<const W extends AnyDeclaration>(
    path: string,
    relay: Relay<C>,
    whenRedisDown: W & Checked<P, W, Settings>,
    handle: (
      request: RequestOf<'none', undefined, undefined, string, C>,
      ports: PortsOf<P, W>,
    ) => Promise<typeof replied | typeof passed>,
  ): HttpRoute<C>;
  /** A WebSocket path that is passed on. */
  relaySocket<const W extends AnyDeclaration>(
    path: string,
    relay: Pick<Relay<C>, 'action'>,
    whenRedisDown: W & Checked<P, W, Settings>,
    handle: (
      request: UpgradeOf<'none', undefined, string, C>,
      ports: PortsOf<P, W>,
    ) => Promise<void>,
  ): UpgradeRoute<C>;
}

export interface Relay<C> {
  /** The operation as a refusal names it. */
  readonly action: string;
  /**
   * Requests that are not for this relay: they go on to the next route before anything is asked of
   * Redis or refused because of it.
   */
  readonly passesBy?: (request: IncomingMessage, context: C) => boolean;
}

/** A route, and in its type which endpoint it serves. */
export type Handled<R, Id extends string> = R & { readonly endpoint: { readonly id: Id } };

/**
 * The declarers of a service's routes. Routes are plain data made when the module loads, so that the
 * docs and the tests read them without starting anything.
 */
export function declarersFor<
  P extends PortTable,
  C,
  Settings extends string = never,
  Connection = unknown,
>({ bearer }: DeclarerOptions = {}): Declarers<P, C, Settings, Connection> {
  const rowOf = ({ route, action, ...rest }: AnyEndpoint, whenRedisDown: AnyDeclaration) => ({
    route,
    operation: action,
    whenRedisDown:
      'auth' in rest && rest.auth === 'bearer' ? { ...bearer, ...whenRedisDown } : whenRedisDown,
  });
  const declarers = {
    route: (endpoint: Endpoint, whenRedisDown: AnyDeclaration, handle: HttpRoute<C>['handle']) => ({
      kind: 'http',
      row: rowOf(endpoint, whenRedisDown),
      endpoint,
      method: endpoint.method.toLowerCase(),
      path: endpoint.path,
      auth: endpoint.auth,
      body: endpoint.body,
      maxBodyLevels: endpoint.maxBodyLevels ?? defaultMaxLevels,
      query: endpoint.query,
      reply: endpoint.reply,
      status: endpoint.status ?? 200,
      handle,
    }),
    socket: (endpoint: SocketEndpoint, whenRedisDown: AnyDeclaration, handle: unknown) => ({
      kind: 'upgrade',
      row: rowOf(endpoint, whenRedisDown),
      endpoint,
      path: endpoint.path,
      auth: endpoint.auth,
      query: endpoint.query,
      handle,
    }),
    frame: (endpoint: FrameEndpoint, whenRedisDown: AnyDeclaration, handle: unknown) => ({
      kind: 'message',
      row: rowOf(endpoint, whenRedisDown),
      endpoint,
      path: endpoint.path,
      type: endpoint.type,
      frame: endpoint.frame,
      sentBy: endpoint.sentBy ?? 'client',
      handle,
    }),
    relay: (
      path: string,
      { action, passesBy }: Relay<C>,
      whenRedisDown: AnyDeclaration,
      handle: unknown,
    ) => ({
      kind: 'http',
      row: { route: `ANY ${path}`, operation: action, whenRedisDown },
      method: 'all',
      path,
      auth: 'none',
      passesBy,
      maxBodyLevels: defaultMaxLevels,
      status: 200,
      handle,
    }),
    relaySocket: (
      path: string,
      { action }: Relay<C>,
      whenRedisDown: AnyDeclaration,
      handle: unknown,
    ) => ({
      kind: 'upgrade',
      row: { route: `WS ${path}`, operation: action, whenRedisDown },
      path,
      auth: 'none',
      handle,
    }),
  };
  // The declared signatures check what callers pass; behind them all routes look alike.
  return declarers as unknown as Declarers<P, C, Settings, Connection>;
}
