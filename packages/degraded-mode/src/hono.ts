import type { Context, Env, Hono, MiddlewareHandler } from 'hono';
import { beside } from './beside.ts';
import type { RowBinding } from './binding.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { FallbacksByRequest } from './fallbacks-by-request.ts';
import type { AnyDeclaration, PortsOf, PortTable } from './port.ts';
import { DegradedRefusal } from './refusal.ts';
import {
  byVerb,
  type DeclaredRow,
  defaultTablePath,
  type JsonRow,
  Rows,
  type TableOptions,
  type Verb,
} from './rows.ts';

/** The variables of a context whose row names ports. */
export interface WithPorts<P extends PortTable, W> {
  Variables: { readonly ports: PortsOf<P, W> };
}

type DeclareRoute<P extends PortTable> = <const W extends AnyDeclaration>(
  path: string,
  row: JsonRow<P, W>,
  handle: (context: Context, ports: PortsOf<P, W>) => unknown,
) => void;

/** A middleware of Hono with its row; the handlers after it find the ports in `context.var.ports`. */
type Declare<P extends PortTable> = <const W extends AnyDeclaration>(
  row: DeclaredRow<P, W>,
) => MiddlewareHandler<WithPorts<P, W>>;

/**
 * One function per verb, each of which takes a path, a row and a handler that returns the JSON to
 * send; and `declared` for everything else.
 */
export type DegradedRoutes<P extends PortTable> = Readonly<Record<Verb, DeclareRoute<P>>> & {
  readonly declared: Declare<P>;
};

const fallbacks = new FallbacksByRequest<Request>();

/**
 * Routes of a Hono app, each with its row. A reply that used fallbacks names them in `X-Degraded`; a
 * refusal is answered with 503. Also serves `GET /v1/degraded`: the rows with their current mode.
 */
export function degradedRoutes<P extends PortTable, E extends Env>(
  app: Hono<E>,
  mode: DegradedMode,
  ports: P,
  { tablePath = defaultTablePath }: TableOptions = {},
): DegradedRoutes<P> {
  const rows = new Rows(mode, ports);
  if (tablePath !== false) app.get(tablePath, (context) => context.json(rows.table()));

  const routeOf =
    (verb: Verb): DeclareRoute<P> =>
    <W extends AnyDeclaration>(
      path: string,
      { status = 200, ...row }: JsonRow<P, W>,
      handle: (context: Context, ports: PortsOf<P, W>) => unknown,
    ) => {
      const method = verb.toUpperCase();
      const binding = rows.bind<W>({ ...row, route: `${method} ${path}` });
      app.on(method, path, declare(binding), async (context: Context<WithPorts<P, W>>) => {
        const data = await handle(context, context.get('ports'));
        if (data === undefined) return new Response(null, { status: 204 });
        return Response.json(data, { status });
      });
    };
  return {
    ...byVerb(routeOf),
    declared: (row) => declare(rows.bind(row)),
  };
}

function declare<P extends PortTable, W>(
  binding: RowBinding<P, W>,
): MiddlewareHandler<WithPorts<P, W>> {
  return async (context, next) => {
    const request = context.req.raw;
    const { ports } = binding.begin(fallbacks.of(request));
    try {
      binding.requireOpen();
    } catch (error) {
      if (error instanceof DegradedRefusal) return refusalOf(request, error);
      throw error;
    }
    context.set('ports', beside(context.get('ports'), binding, ports));
    await next();
    if (context.error instanceof DegradedRefusal) {
      // The reply of the app's own error handler, with its headers, is dropped.
      context.res = undefined;
      context.res = refusalOf(request, context.error);
      return undefined;
    }
    const header = fallbacks.header(request);
    if (header !== undefined) context.header('X-Degraded', header);
    return undefined;
  };
}

function refusalOf(request: Request, { body, retryAfterSeconds }: DegradedRefusal): Response {
  fallbacks.forget(request);
  return new Response(JSON.stringify(body), {
    status: 503,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Retry-After': String(retryAfterSeconds),
    },
  });
}
