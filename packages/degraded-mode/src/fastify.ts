import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { beside } from './beside.ts';
import type { RowBinding } from './binding.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { FallbacksByRequest } from './fallbacks-by-request.ts';
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
export type RequestWithPorts<P extends PortTable, W> = FastifyRequest & {
  readonly ports: PortsOf<P, W>;
};

type RequestOf<Path extends string> = FastifyRequest & { readonly params: PathParameters<Path> };

type DeclareRoute<P extends PortTable> = <
  const W extends AnyDeclaration,
  const Path extends string,
>(
  path: Path,
  row: JsonRow<P, W>,
  handle: (request: RequestOf<Path>, ports: PortsOf<P, W>) => unknown,
) => void;

/**
 * A handler of Fastify with its row: for replies that are no JSON, or as a `preHandler` hook, which
 * returns undefined to go on. The ports are in `request.ports`, also for the handlers after a hook.
 */
type Declare<P extends PortTable> = <const W extends AnyDeclaration>(
  row: DeclaredRow<P, W>,
  handle: (request: RequestWithPorts<P, W>, reply: FastifyReply) => unknown,
) => (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * One function per verb, each of which takes a path, a row and a handler that returns the JSON to
 * send; and `declared` for everything else.
 */
export type DegradedRoutes<P extends PortTable> = Readonly<Record<Verb, DeclareRoute<P>>> & {
  readonly declared: Declare<P>;
};

const fallbacks = new FallbacksByRequest<FastifyRequest>();

/**
 * Routes of a Fastify instance, each with its row. A reply that used fallbacks names them in
 * `X-Degraded`; a refusal is answered with 503. Also serves `GET /v1/degraded`: the rows with their
 * current mode. Call it before the routes and hooks that it is to see.
 */
export function degradedRoutes<P extends PortTable>(
  app: FastifyInstance,
  mode: DegradedMode,
  ports: P,
  { tablePath = defaultTablePath }: TableOptions = {},
): DegradedRoutes<P> {
  const rows = new Rows(mode, ports);
  if (!app.hasRequestDecorator('ports')) app.decorateRequest('ports', null);
  app.addHook('onSend', async (request, reply) => {
    const header = fallbacks.header(request);
    if (header !== undefined) reply.header('X-Degraded', header);
  });
  if (tablePath !== false) app.get(tablePath, async () => rows.table());

  const routeOf =
    (verb: Verb): DeclareRoute<P> =>
    <W extends AnyDeclaration, Path extends string>(
      path: Path,
      { status = 200, ...row }: JsonRow<P, W>,
      handle: (request: RequestOf<Path>, ports: PortsOf<P, W>) => unknown,
    ) => {
      const binding = rows.bind<W>({ ...row, route: `${verb.toUpperCase()} ${path}` });
      const answer = serve(binding, async (request: RequestWithPorts<P, W>, reply) => {
        const data = await handle(request as RequestOf<Path>, request.ports);
        if (data === undefined) return reply.code(204).send();
        return reply.code(status).send(data);
      });
      app[verb](path, answer);
    };
  return {
    ...byVerb(routeOf),
    declared: (row, handle) => serve(rows.bind(row), handle),
  };
}

function serve<P extends PortTable, W>(
  binding: RowBinding<P, W>,
  handle: (request: RequestWithPorts<P, W>, reply: FastifyReply) => unknown,
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request: FastifyRequest & { ports?: object | null }, reply) => {
    try {
      const { ports } = binding.begin(fallbacks.of(request));
      binding.requireOpen();
      const all = beside(request.ports, binding, ports);
      return await handle(Object.assign(request, { ports: all }), reply);
    } catch (error) {
      if (!(error instanceof DegradedRefusal) || reply.sent) throw error;
      return refuse(request, reply, error);
    }
  };
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, retryAfterSeconds }: DegradedRefusal,
): FastifyReply {
  fallbacks.forget(request);
  reply.code(503).header('Retry-After', String(retryAfterSeconds));
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}
