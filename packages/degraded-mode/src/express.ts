import type {
  ErrorRequestHandler,
  IRouter,
  NextFunction,
  Request,
  RequestHandler,
  Response,
} from 'express';
import { beside } from './beside.ts';
import type { RowBinding } from './binding.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { FallbacksByRequest } from './fallbacks-by-request.ts';
import type { FallbacksUsed } from './fallbacks-used.ts';
import type { PathParameters } from './path-parameters.ts';
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

/** A request with the ports that its row names. */
export type RequestWithPorts<
  P extends PortTable,
  W,
  Parameters = Record<string, string>,
> = Request<Parameters> & { readonly ports: PortsOf<P, W> };

type JsonHandler<P extends PortTable, W, Path extends string> = (
  request: Request<PathParameters<Path>>,
  ports: PortsOf<P, W>,
) => unknown;

type DeclareRoute<P extends PortTable> = <
  const W extends AnyDeclaration,
  const Path extends string,
>(
  path: Path,
  row: JsonRow<P, W>,
  handle: JsonHandler<P, W, Path>,
) => void;

/**
 * A handler of Express with its row: for replies that are no JSON, or for a middleware. The ports
 * are in `request.ports`, also for the handlers after a middleware.
 */
type Declare<P extends PortTable> = <
  const W extends AnyDeclaration,
  Parameters = Record<string, string>,
>(
  row: DeclaredRow<P, W>,
  handle: (
    request: RequestWithPorts<P, W, Parameters>,
    response: Response,
    next: NextFunction,
  ) => unknown,
) => RequestHandler<Parameters>;

/**
 * One function per verb, each of which takes a path, a row and a handler that returns the JSON to
 * send; and `declared` for everything else.
 */
export type DegradedRoutes<P extends PortTable> = Readonly<Record<Verb, DeclareRoute<P>>> & {
  readonly declared: Declare<P>;
};

/**
 * Routes of an Express app or Router (4 or 5), each with its row. A reply that used fallbacks names
 * them in `X-Degraded`. Also serves `GET /v1/degraded`: the rows with their current mode.
 */
export function degradedRoutes<P extends PortTable>(
  app: IRouter,
  mode: DegradedMode,
  ports: P,
  { tablePath = defaultTablePath }: TableOptions = {},
): DegradedRoutes<P> {
  const rows = new Rows(mode, ports);
  if (tablePath !== false) {
    app.get(tablePath, (_request, response) => {
      response.json(rows.table());
    });
  }

  const routeOf =
    (verb: Verb): DeclareRoute<P> =>
    <W extends AnyDeclaration, Path extends string>(
      path: Path,
      { status = 200, ...row }: JsonRow<P, W>,
      handle: JsonHandler<P, W, Path>,
    ) => {
      const binding = rows.bind<W>({ ...row, route: `${verb.toUpperCase()} ${path}` });
      const answer: RequestHandler<PathParameters<Path>> = serve(
        binding,
        async (request: RequestWithPorts<P, W, PathParameters<Path>>, response) => {
          const data = await handle(request, request.ports);
          if (data === undefined) response.status(204).end();
          else response.status(status).json(data);
        },
      );
      app[verb](path as string, answer as RequestHandler);
    };
  return {
    ...byVerb(routeOf),
    declared: (row, handle) => serve(rows.bind(row), handle),
  };
}

function serve<P extends PortTable, W, Parameters>(
  binding: RowBinding<P, W>,
  handle: (
    request: RequestWithPorts<P, W, Parameters>,
    response: Response,
    next: NextFunction,
  ) => unknown,
): RequestHandler<Parameters> {
  const answer = async (
    request: Request<Parameters> & { ports?: object },
    response: Response,
    next: NextFunction,
  ): Promise<void> => {
    const { ports } = binding.begin(fallbacksUsedBy(response));
    binding.requireOpen();
    const all = beside(request.ports, binding, ports);
    await handle(Object.assign(request, { ports: all }), response, next);
  };
  return (request, response, next) => {
    // Express 4 does not handle promises.
    answer(request, response, next).catch(next);
  };
}

const fallbacks = new FallbacksByRequest<Response>();

/** The fallbacks of a reply; it names them when its head is written, by whatever writes it. */
function fallbacksUsedBy(response: Response): FallbacksUsed {
  if (fallbacks.has(response)) return fallbacks.of(response);
  const { writeHead } = response;
  response.writeHead = ((...values: Parameters<typeof writeHead>) => {
    const header = fallbacks.header(response);
    if (header !== undefined) response.setHeader('X-Degraded', header);
    return writeHead.apply(response, values);
  }) as typeof writeHead;
  return fallbacks.of(response);
}

/** Error middleware: a refusal becomes 503 with the degraded body; other errors are passed on. */
export const degradedErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof DegradedRefusal) || response.headersSent) {
    next(error);
    return;
  }
  fallbacks.forget(response);
  response.status(503).set('Retry-After', String(error.retryAfterSeconds)).type('json');
  // Not json(): its settings, such as indentation, would change the bytes that clients expect.
  response.send(JSON.stringify(error.body));
};
