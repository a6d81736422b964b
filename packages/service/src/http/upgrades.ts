import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { Duplex } from 'node:stream';
import type { BoundRoute, Runtime } from '../lifecycle/service-parts.ts';
import type {
  Auth,
  BoundMessages,
  MessageRoute,
  UpgradeOf,
  UpgradeRoute,
} from '../routes/route.ts';
import { servedOf } from '../tracing/traced-listener.ts';
import { type ArrivedRequest, activeTracing, type Tracing } from '../tracing/tracing.ts';
import { ApiError } from './api-error.ts';
import type { TrustProxy } from './client-address.ts';
import { type ErrorReply, errorReply } from './error-reply.ts';
import { identifyUpgrade, revocationsOf, useUp } from './identify.ts';
import type { Identity } from './identity.ts';
import { refuseRepeatedHeaders } from './repeated-headers.ts';
import { contextOf, startRequest } from './request-context.ts';
import { senderOf } from './sender.ts';
import { type ServedParts, ServedRequest } from './served-request.ts';
import { refuseForeignPage } from './socket-origin.ts';
import { targetOf } from './upgrade-request.ts';
import { validate } from './validate.ts';

type BoundUpgrade<C> = BoundRoute<C> & {
  readonly route: UpgradeRoute<C>;
  readonly messages: BoundMessages<C>;
};

/**
 * Serves WebSocket upgrades by their rows, with the same checks and replies as any request.
 * Returns the sockets that are open now, refused ones until they have ended.
 */
export function serveUpgrades<C>(
  server: Server,
  runtime: Runtime<C>,
  isTrusted: TrustProxy,
): ReadonlySet<Duplex> {
  const byPath = boundUpgrades(runtime.bound);
  const open = new Set<Duplex>();
  // Listeners of all sockets: one of each socket's own would keep the request as long as the socket.
  function forget(this: Duplex): void {
    open.delete(this);
  }
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.add(socket);
    socket.on('close', forget);
    socket.on('error', destroy);
    const context = startRequest(incoming, senderOf(incoming, isTrusted), runtime);
    const serve = async (): Promise<number> => {
      try {
        await upgrade(byPath, runtime, incoming, socket, head);
        return switchingProtocols;
      } catch (error) {
        const reply = errorReply(error, context, runtime.mode);
        if (context.endpoint !== undefined) runtime.checkReply(context.endpoint, reply.status);
        refuse(socket, reply, context.requestId);
        return reply.status;
      }
    };
    const tracing = activeTracing();
    if (tracing === undefined) void serve();
    else void tracedUpgrade(tracing, servedOf(incoming, isTrusted), serve, () => context.route);
  });
  return open;
}

const switchingProtocols = 101;

/** Serves a handshake within a span; the socket outlives it. */
async function tracedUpgrade(
  tracing: Tracing,
  request: ArrivedRequest,
  serve: () => Promise<number>,
  route: () => string | undefined,
): Promise<void> {
  let served: Promise<number> | undefined;
  const span = tracing.serve(request, () => {
    served = serve();
  });
  span.end({ status: (await served) ?? switchingProtocols, route: route() });
}

/** A client that goes away during the handshake is not our error. */
function destroy(this: Duplex): void {
  this.destroy();
}

function boundUpgrades<C>(bound: readonly BoundRoute<C>[]): Map<string, BoundUpgrade<C>> {
  const messagesOf = (path: string): BoundMessages<C> =>
    new Map(
      bound
        .filter(isMessage)
        .filter(({ route }) => route.path === path)
        .map((message) => [message.route.endpoint.type, message]),
    );
  return new Map(
    bound.flatMap(({ route, binding }) => {
      if (route.kind !== 'upgrade') return [];
      return [[route.path, { route, binding, messages: messagesOf(route.path) }]];
    }),
  );
}

function isMessage<C>(bound: BoundRoute<C>): bound is BoundRoute<C> & { route: MessageRoute<C> } {
  return bound.route.kind === 'message';
}

async function upgrade<C>(
  byPath: ReadonlyMap<string, BoundUpgrade<C>>,
  runtime: Runtime<C>,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const context = contextOf(incoming);
  const { sender } = context;
  const target = targetOf(incoming);
  const found = byPath.get(target.path);
  if (found === undefined) throw new ApiError('NOT_FOUND', 'There is no such WebSocket route.');
  const { route, binding, messages } = found;
  context.route = route.path;
  context.endpoint = route.endpoint;
  refuseRepeatedHeaders(incoming);
  refuseForeignPage(incoming.headers.origin, sender.host, runtime.socketOrigins ?? []);
  const { ports, fallbacksUsed: outcomes } = binding.begin();
  const { user, ticket } = await identifyUpgrade(route, incoming, ports, runtime);
  binding.requireOpen();
  const querySchema = route.endpoint?.query;
  const query = querySchema && validate('query', querySchema, parseQuery(target.query));
  // Last, so that no other refusal costs a ticket.
  if (ticket !== undefined) await useUp(ticket, runtime);
  const parts = { context: runtime.context, started: context, outcomes, incoming };
  const isRevoked = revocationTest(user, ports, runtime);
  const request = new UpgradeRequest(parts, { user, query, socket, head, messages, isRevoked });
  await route.handle(request, ports);
}

/** A function of its own, because its result stays with the socket and keeps what is in scope. */
function revocationTest<C>(
  user: Identity | undefined,
  ports: object,
  runtime: Runtime<C>,
): () => Promise<boolean> {
  return async () => user !== undefined && (await revocationsOf(ports, runtime).isRevoked(user));
}

type UpgradeParts<C> = Pick<
  UpgradeOf<Auth, unknown, string, C>,
  'user' | 'query' | 'socket' | 'head' | 'messages' | 'isRevoked'
>;

/** What the handler of an upgrade gets. */
class UpgradeRequest<C> extends ServedRequest<C> implements UpgradeOf<Auth, unknown, string, C> {
  readonly params = {};
  readonly body = undefined;
  readonly user: UpgradeParts<C>['user'];
  readonly query: unknown;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly messages: BoundMessages<C>;
  readonly isRevoked: () => Promise<boolean>;

  constructor(parts: ServedParts<C>, upgrade: UpgradeParts<C>) {
    super(parts);
    this.user = upgrade.user;
    this.query = upgrade.query;
    this.socket = upgrade.socket;
    this.head = upgrade.head;
    this.messages = upgrade.messages;
    this.isRevoked = upgrade.isRevoked;
  }
}

/** An ordinary HTTP reply instead of the upgrade. */
function refuse(socket: Duplex, reply: ErrorReply, requestId: string): void {
  const body = JSON.stringify(reply.body);
  const headers = {
    ...reply.headers,
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const statusLine = `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ''}`;
  // A client that never ends its own side would hold the socket forever.
  socket.once('finish', () => socket.destroy());
  socket.end(`${statusLine}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
