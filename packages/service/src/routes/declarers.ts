import type {
  AnyEndpoint,
  Endpoint,
  EndpointOptions,
  FrameEndpoint,
  SocketEndpoint,
  SocketOptions,
} from '@secureconnect/contracts';
import type {
  AnyDeclaration,
  Checked,
  PortsOf,
  PortTable,
  RoutePolicy,
  Settings,
} from '@secureconnect/degraded-mode';
import type { z } from 'zod';
import type {
  HttpRoute,
  MessageOf,
  MessageRoute,
  PassesBy,
  passed,
  RequestOf,
  replied,
  UpgradeOf,
  UpgradeRoute,
} from './route.ts';

/** Declares the routes of one service over its ports `P`, its context `C` and its settings `S`. */
export interface Declarers<P extends PortTable, C, S extends Settings, Connection> {
  /** A route: an endpoint, what happens when a dependency of its ports is down, a handler. */
  route<const E extends Endpoint, const W extends AnyDeclaration>(
    endpoint: E,
    whenRedisDown: W & Checked<P, W, S>,
    handle: (request: RequestFor<E, C>, ports: PortsOf<P, W>) => Promise<ReplyTo<E>>,
  ): Handled<HttpRoute<C>, E['id']>;
  /** A WebSocket path. */
  socket<const E extends SocketEndpoint, const W extends AnyDeclaration>(
    endpoint: E,
    whenRedisDown: W & Checked<P, W, S>,
    handle: (request: UpgradeFor<E, C>, ports: PortsOf<P, W>) => Promise<void>,
  ): Handled<UpgradeRoute<C>, E['id']>;
  /** A type of frame; its sender gets the handler's result as the answer. */
  frame<const E extends FrameEndpoint, const W extends AnyDeclaration>(
    endpoint: E,
    whenRedisDown: W & Checked<P, W, S>,
    handle: (
      message: MessageOf<z.output<E['frame']>, C, Connection>,
      ports: PortsOf<P, W>,
    ) => Promise<AnswerTo<E>>,
  ): Handled<MessageRoute<C>, E['id']>;
  /**
   * A route that is passed on to a different service, which declares the endpoints, or only
   * counted. It has no endpoint and is in no document.
   */
  relay<const W extends AnyDeclaration>(
    path: string,
    relay: Relay<C>,
    whenRedisDown: W & Checked<P, W, S>,
    handle: (
      request: RequestOf<'none', undefined, undefined, string, C>,
      ports: PortsOf<P, W>,
    ) => Promise<typeof replied | typeof passed>,
  ): HttpRoute<C>;
  /** A WebSocket path that is passed on. */
  relaySocket<const W extends AnyDeclaration>(
    path: string,
    relay: Pick<Relay<C>, 'action'>,
    whenRedisDown: W & Checked<P, W, S>,
    handle: (
      request: UpgradeOf<'none', undefined, string, C>,
      ports: PortsOf<P, W>,
    ) => Promise<void>,
  ): UpgradeRoute<C>;
}

export interface DeclarerOptions {
  /** The ports that a bearer check uses, added to every route with `auth: 'bearer'`. */
  readonly bearer?: AnyDeclaration;
  /**
   * The dependencies of the ports that Redis does not back: `{ objects: 'object_store' }`. A service
   * whose ports are backed otherwise does not start.
   */
  readonly backedBy?: Readonly<Record<string, string>>;
}

export interface Relay<C> {
  /** The operation as a refusal names it. */
  readonly action: string;
  readonly passesBy?: PassesBy<C>;
}

/**
 * What the handler of a frame returns: the declared answer without the client's id, which is added to
 * it; undefined for a bare acknowledgement, or for no answer at all.
 */
type AnswerTo<E> = E extends { readonly answer: infer S extends z.ZodType }
  ? Omit<z.input<S>, 'id'> | undefined
  : undefined;

/** A route, with its endpoint's id in its type. */
export type Handled<R, Id extends string> = R & { readonly endpoint: { readonly id: Id } };

/** What the handler of an endpoint gets, apart from its ports. */
export type RequestFor<E extends EndpointOptions, C> = RequestOf<
  E['auth'] extends 'bearer' ? 'bearer' : 'none',
  SchemaOutput<E, 'body'>,
  SchemaOutput<E, 'query'>,
  E['route'],
  C
>;

/** What the handler of a WebSocket path gets, apart from its ports. */
export type UpgradeFor<E extends SocketOptions, C> = UpgradeOf<
  E['auth'] extends 'bearer' ? 'bearer' : 'none',
  SchemaOutput<E, 'query'>,
  E['route'],
  C
>;

/** What a handler returns: the `data` of its reply, or the note that it has replied itself. */
export type ReplyTo<E> = E extends { readonly reply: infer R extends z.ZodType }
  ? z.input<R>
  : typeof replied;

type SchemaOutput<Of, Key extends string> = Of extends {
  readonly [K in Key]: infer S extends z.ZodType;
}
  ? z.output<S>
  : undefined;

/**
 * The declarers of a service's routes. Routes are plain data created when the module loads, so that
 * documents and tests read them without starting anything.
 */
export function declarersFor<
  P extends PortTable,
  C,
  S extends Settings = Readonly<Record<never, never>>,
  Connection = unknown,
>({ bearer, backedBy = {} }: DeclarerOptions = {}): Declarers<P, C, S, Connection> {
  const declarers = {
    route: (endpoint: Endpoint, whenRedisDown: AnyDeclaration, handle: HttpRoute<C>['handle']) => ({
      kind: 'http',
      policy: policyOf(endpoint, withBearer(endpoint, whenRedisDown)),
      endpoint,
      method: endpoint.method.toLowerCase(),
      path: endpoint.path,
      auth: endpoint.auth,
      handle,
    }),
    socket: (endpoint: SocketEndpoint, whenRedisDown: AnyDeclaration, handle: unknown) => ({
      kind: 'upgrade',
      policy: policyOf(endpoint, withBearer(endpoint, whenRedisDown)),
      endpoint,
      path: endpoint.path,
      auth: endpoint.auth,
      handle,
    }),
    frame: (endpoint: FrameEndpoint, whenRedisDown: AnyDeclaration, handle: unknown) => ({
      kind: 'message',
      policy: policyOf(endpoint, whenRedisDown),
      endpoint,
      path: endpoint.path,
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
      policy: policyOf({ route: `ANY ${path}`, action }, whenRedisDown),
      method: 'all',
      path,
      auth: 'none',
      passesBy,
      handle,
    }),
    relaySocket: (
      path: string,
      { action }: Relay<C>,
      whenRedisDown: AnyDeclaration,
      handle: unknown,
    ) => ({
      kind: 'upgrade',
      policy: policyOf({ route: `WS ${path}`, action }, whenRedisDown),
      path,
      auth: 'none',
      handle,
    }),
  };

  function policyOf(
    { route, action }: Pick<AnyEndpoint, 'action'> & { readonly route: string },
    declared: AnyDeclaration,
  ): RoutePolicy {
    const isOther = ([port]: [string, unknown]): boolean => Object.hasOwn(backedBy, port);
    const entries = Object.entries(declared);
    const others = entries.filter(isOther);
    const whenRedisDown = Object.fromEntries(entries.filter((entry) => !isOther(entry)));
    const policy = { route, operation: action, whenRedisDown };
    if (others.length === 0) return policy;
    const dependencies = others.map(([port]) => [port, backedBy[port] ?? '']);
    return {
      ...policy,
      whenDown: Object.fromEntries(others),
      backedBy: Object.fromEntries(dependencies),
    };
  }

  function withBearer(
    { auth }: Endpoint | SocketEndpoint,
    whenRedisDown: AnyDeclaration,
  ): AnyDeclaration {
    return auth === 'bearer' ? { ...bearer, ...whenRedisDown } : whenRedisDown;
  }

  // The declared signatures check what callers pass; behind them all routes look alike.
  return declarers as unknown as Declarers<P, C, S, Connection>;
}
