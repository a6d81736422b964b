import type { AnyDeclaration, PortTable } from '@secureconnect/degraded-mode';
import { defaultMaxLevels } from './nesting.ts';
import type { HttpRoute, MessageRoute, Method, Route, RouteDeclarer } from './route.ts';

export interface RoutesOptions {
  /** The ports that a bearer check uses, added to every row with `auth: 'bearer'`. */
  readonly bearer?: AnyDeclaration;
}

interface UncheckedRow<C> {
  readonly operation: string;
  readonly auth: 'bearer' | 'none';
  readonly whenRedisDown: AnyDeclaration;
  readonly summary?: string;
  readonly passesBy?: HttpRoute<C>['passesBy'];
  readonly authorize?: HttpRoute<C>['authorize'];
  readonly body?: HttpRoute<never>['body'];
  readonly maxBodyLevels?: number;
  readonly query?: HttpRoute<never>['query'];
  readonly reply?: HttpRoute<never>['reply'];
  readonly status?: number;
}

interface UncheckedMessageRow<C> extends UncheckedRow<C> {
  readonly frame: MessageRoute<never>['frame'];
  readonly sentBy?: MessageRoute<never>['sentBy'];
}

/**
 * The declarer of a service's routes over its ports `P` and its context `C`. Rows are plain data
 * made when the module loads, so that the docs and the tests read them without starting anything.
 */
export function routesFor<P extends PortTable, C, Socket = unknown>(
  options: RoutesOptions = {},
): RouteDeclarer<P, C, Socket> {
  const whenRedisDown = (row: UncheckedRow<C>): AnyDeclaration =>
    row.auth === 'bearer' ? { ...options.bearer, ...row.whenRedisDown } : row.whenRedisDown;

  const http =
    (method: Method) =>
    (path: string, row: UncheckedRow<C>, handle: HttpRoute<C>['handle']): HttpRoute<C> => ({
      kind: 'http',
      row: {
        route: `${method === 'all' ? 'ANY' : method.toUpperCase()} ${path}`,
        operation: row.operation,
        whenRedisDown: whenRedisDown(row),
      },
      method,
      path,
      auth: row.auth,
      passesBy: row.passesBy,
      authorize: row.authorize,
      summary: row.summary,
      body: row.body,
      maxBodyLevels: row.maxBodyLevels ?? defaultMaxLevels,
      query: row.query,
      reply: row.reply,
      status: row.status ?? 200,
      handle,
    });

  const declarer = {
    get: http('get'),
    post: http('post'),
    put: http('put'),
    patch: http('patch'),
    delete: http('delete'),
    all: http('all'),
    upgrade: (path: string, row: UncheckedRow<C>, handle: unknown) => ({
      kind: 'upgrade',
      row: { route: `WS ${path}`, operation: row.operation, whenRedisDown: whenRedisDown(row) },
      path,
      auth: row.auth,
      query: row.query,
      handle,
    }),
    message: (path: string, type: string, row: UncheckedMessageRow<C>, handle: unknown) => ({
      kind: 'message',
      row: {
        route: `WS ${path} ${type}`,
        operation: row.operation,
        whenRedisDown: row.whenRedisDown,
      },
      path,
      type,
      frame: row.frame,
      sentBy: row.sentBy ?? 'client',
      handle,
    }),
  };
  // The declared signatures check what callers pass; behind them all rows look alike.
  return declarer as unknown as RouteDeclarer<P, C, Socket>;
}

/** The rows of a list of routes. */
export function rowsOf<C>(routes: readonly Route<C>[]): Route<C>['row'][] {
  return routes.map((route) => route.row);
}
