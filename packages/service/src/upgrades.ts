import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Outcomes } from '@secureconnect/degraded-mode';
import { ApiError } from './api-error.ts';
import { type ErrorReply, errorReply } from './error-reply.ts';
import { contextOf, startRequest } from './request-context.ts';
import type { UpgradeRoute } from './route.ts';
import { identify } from './serve-request.ts';
import type { BoundRoute, Runtime } from './service-parts.ts';
import { validate } from './validate.ts';

type BoundUpgrade<C> = BoundRoute<C> & { readonly route: UpgradeRoute<C> };

/** Serves WebSocket upgrades by their rows, with the same checks and replies as any request. */
export function serveUpgrades<C>(server: Server, runtime: Runtime<C>): void {
  const byPath = new Map(
    runtime.bound
      .filter((bound): bound is BoundUpgrade<C> => bound.route.kind === 'upgrade')
      .map((bound) => [bound.route.path, bound]),
  );
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client that goes away during the handshake is no error of ours.
    socket.on('error', () => socket.destroy());
    const context = startRequest(incoming, runtime.log);
    void upgrade(byPath, runtime, incoming, socket, head).catch((error: unknown) => {
      refuse(socket, errorReply(error, context, runtime.mode), context.requestId);
    });
  });
}

async function upgrade<C>(
  byPath: ReadonlyMap<string, BoundUpgrade<C>>,
  runtime: Runtime<C>,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const context = contextOf(incoming);
  const url = new URL(incoming.url ?? '/', 'http://unused');
  const found = byPath.get(url.pathname);
  if (found === undefined) throw new ApiError('NOT_FOUND', 'There is no such WebSocket route.');
  const { route, binding } = found;
  context.route = route.path;
  const ports = binding.forRequest(new Outcomes());
  const user = await identify(route, incoming, ports, runtime);
  const refusal = binding.refusal();
  if (refusal !== undefined) throw refusal;
  const query = validate('query', route.query, Object.fromEntries(url.searchParams));
  await route.handle(
    {
      user,
      body: undefined,
      query,
      params: {},
      context: runtime.context,
      requestId: context.requestId,
      clientAddress: incoming.socket.remoteAddress ?? 'unknown',
      headers: incoming.headers,
      log: context.log,
      incoming,
      socket,
      head,
    },
    ports,
  );
}

/** An ordinary HTTP reply in place of the upgrade. */
function refuse(socket: Duplex, reply: ErrorReply, requestId: string): void {
  const body = JSON.stringify(reply.body);
  const headers = {
    ...reply.headers,
    'X-Request-Id': requestId,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${reply.status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
