import type {
  ErrorRequestHandler,
  IRouter,
  NextFunction,
  Request,
  RequestHandler,
  Response,
} from 'express';
import {
  type AnyDeclaration,
  type Checked,
  type DegradedMode,
  DegradedRefusal,
  liveTable,
  type PortsOf,
  type PortTable,
  RowBinding,
} from './index.ts';

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A row of the table: the route's behaviour while Redis is down. */
export interface ExpressRow<P extends PortTable, W> {
  /** Names the operation in refusals: `login`. */
  readonly operation: string;
  /** The fallback of each port that the handler uses. */
  readonly whenRedisDown: W & Checked<P, W>;
  /** The status of success. Default 200. */
  readonly status?: number;
}

type Declare<P extends PortTable> = <const W extends AnyDeclaration>(
  path: string,
  row: ExpressRow<P, W>,
  handle: (request: Request, ports: PortsOf<P, W>) => unknown,
) => void;

/** One function per verb; each takes a path, a row and a handler that returns the JSON to send. */
export type DegradedRoutes<P extends PortTable> = Readonly<Record<Verb, Declare<P>>>;

/**
 * Routes of an Express app or Router, each with its row. A reply that used fallbacks names them in
 * `X-Degraded`. Also serves `GET /v1/degraded`: the rows with their current mode.
 */
export function degradedRoutes<P extends PortTable>(
  app: IRouter,
  mode: DegradedMode,
  ports: P,
): DegradedRoutes<P> {
  const bindings: RowBinding<P, unknown>[] = [];
  app.get('/v1/degraded', (_request, response) => {
    response.json(liveTable(mode.service, mode, bindings));
  });

  const declare =
    (verb: Verb): Declare<P> =>
    (path, { operation, whenRedisDown, status = 200 }, handle) => {
      const row = { route: `${verb.toUpperCase()} ${path}`, operation, whenRedisDown };
      const binding = new RowBinding<P, typeof whenRedisDown>(row, ports, mode);
      bindings.push(binding);
      app[verb](path, serve(binding, status, handle));
    };
  return {
    get: declare('get'),
    post: declare('post'),
    put: declare('put'),
    patch: declare('patch'),
    delete: declare('delete'),
  };
}

function serve<P extends PortTable, W>(
  binding: RowBinding<P, W>,
  status: number,
  handle: (request: Request, ports: PortsOf<P, W>) => unknown,
): RequestHandler {
  const answer = async (request: Request, response: Response): Promise<void> => {
    const { ports, fallbacksUsed: outcomes } = binding.begin();
    binding.requireOpen();
    const data = await handle(request, ports);
    if (!outcomes.isEmpty) response.setHeader('X-Degraded', outcomes.header());
    if (data === undefined) response.status(204).end();
    else response.status(status).json(data);
  };
  return (request: Request, response: Response, next: NextFunction) => {
    // Not every version of the router handles promises.
    answer(request, response).catch(next);
  };
}

/** Error middleware: a refusal becomes 503 with the degraded body; other errors are passed on. */
export const degradedErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof DegradedRefusal) || response.headersSent) {
    next(error);
    return;
  }
  response.status(503).set('Retry-After', String(error.retryAfterSeconds)).type('json');
  // Not json(): its settings, such as indentation, would change the bytes that clients expect.
  response.send(JSON.stringify(error.body));
};
