import { frame, socket } from '@secureconnect/contracts';
import { definePorts, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { openRedis, type RedisConnection, redisMode } from '@secureconnect/redis';
import {
  ApiError,
  createLogger,
  createMetrics,
  createService,
  declarersFor,
  type Identity,
  unauthorized,
} from '@secureconnect/service';
import { z } from 'zod';
import {
  type Connection,
  createFanOut,
  type Delivery,
  Hub,
  RedisBus,
  type RevocationWatch,
  SocketServer,
  type SocketServerOptions,
} from '../src/index.ts';

const log = createLogger({ service: 'room-service', level: 'silent' });

/** What is revoked in these tests, by the name of the user: announced, or found by looking. */
export class Revoked implements RevocationWatch {
  readonly users = new Set<string>();
  current = true;
  outdated = false;
  /** The full question is answered when this resolves. */
  answer: Promise<unknown> = Promise.resolve();
  #listener: (ids: readonly string[]) => void = () => undefined;

  announce(userId: string): void {
    this.users.add(userId);
    this.#listener([userId]);
  }

  holds({ userId }: Identity): boolean {
    return this.current && this.users.has(userId);
  }

  isCurrent(): boolean {
    return this.current;
  }

  isOutdated(): boolean {
    return this.outdated;
  }

  onRevoked(listener: (ids: readonly string[]) => void): void {
    this.#listener = listener;
  }

  async isRevoked({ userId }: Identity): Promise<boolean> {
    await this.answer;
    return this.users.has(userId);
  }
}

/** A token of these tests: a user, and how long it lives. */
export const tokenOf = (userId: string, livesMs = 60_000): string => `${userId}~${livesMs}`;

function verifyToken(token: string): Identity {
  const [userId, livesMs] = token.split('~');
  if (!userId || !livesMs) throw unauthorized('This token is not valid.');
  const expiresAtMs = Date.now() + Number(livesMs);
  const ids = { userId, sessionId: userId, tokenId: userId };
  return { ...ids, role: 'user', issuedAtMs: Date.now(), expiresAtMs, degraded: false };
}

function createPorts(hub: Hub, redis: RedisConnection, bus: RedisBus) {
  return definePorts({
    fanOut: createFanOut(hub, bus),
    vault: { redis: { open: async () => redis.commands.ping() } },
  });
}

interface Context {
  readonly hub: Hub;
  readonly sockets: SocketServer;
  readonly closed: string[];
  /** The room `slow` opens when this resolves. */
  slow: Promise<void>;
}

const declare = declarersFor<ReturnType<typeof createPorts>, Context, never, Connection>();
const described = { tag: 'Rooms', summary: 'Do something in a room', errors: [] } as const;
const path = '/v1/ws/rooms';
const rooms = socket({
  ...described,
  route: `WS ${path}`,
  id: 'rooms',
  action: 'rooms',
  auth: 'bearer',
  query: z.object({ room: z.string() }),
  errors: ['NOT_FOUND'],
});
const inRoom = {
  ...described,
  frame: z.object({
    type: z.string(),
    id: z.string().exactOptional(),
    room: z.string(),
    text: z.string().default(''),
  }),
} as const;
const answer = z.object({ type: z.literal('ack') });
const say = frame(rooms, { ...inRoom, type: 'say', id: 'say', action: 'say', answer });
const conflict = frame(rooms, { ...inRoom, type: 'conflict', id: 'conflict', action: 'conflict' });
const crash = frame(rooms, { ...inRoom, type: 'crash', id: 'crash', action: 'crash' });
const open = frame(rooms, {
  ...inRoom,
  ...{ type: 'open', id: 'open', action: 'opening the vault', answer },
});
const left = frame(rooms, {
  ...inRoom,
  type: 'left',
  id: 'left',
  action: 'leaving',
  sentBy: 'server',
});
const local = { fanOut: failOpen.local() };
let deliveries = 0;

const delivery = (type: string, room: string, extra: object, options = {}): Delivery => {
  deliveries += 1;
  return { id: `${process.pid}:${deliveries}`, room, frame: { type, room, ...extra }, ...options };
};

/** Every way a row can go, over rooms that anybody may enter. */
const routes = [
  declare.socket(rooms, local, async (request, { fanOut }) => {
    const { room } = request.query;
    if (room === 'closed') throw new ApiError('NOT_FOUND', 'There is no such room.');
    await request.context.sockets.accept(request, () => ({
      opening: async ({ connection }) => {
        await fanOut.join(connection, [room]);
        if (room === 'slow') await request.context.slow;
      },
      closed: async (session) => {
        await fanOut.leave(session.connection, [room]);
        await session.raise('left', { type: 'left', room });
        session.target.context.closed.push(session.connection.userId);
      },
    }));
  }),
  declare.frame(say, local, async ({ frame: { room, text }, socket: from }, { fanOut }) => {
    const options = { exceptSocket: from.id };
    await fanOut.deliver(delivery('said', room, { text, from: from.userId }, options));
    return { type: 'ack' as const };
  }),
  declare.frame(conflict, {}, async () => {
    throw new ApiError('CONFLICT', 'This cannot be.');
  }),
  declare.frame(crash, {}, async () => {
    throw new Error('a secret of the server');
  }),
  declare.frame(
    open,
    { vault: failClosed({ retryAfterSeconds: 5 }) },
    async (_message, { vault }) => {
      await vault.open();
      return { type: 'ack' as const };
    },
  ),
  declare.frame(left, local, async (message, { fanOut }) => {
    const { room } = message.frame;
    await fanOut.deliver(delivery('left', room, { from: message.socket.userId }));
    return undefined;
  }),
];

/** A service over rooms, on the Redis at `redisUrl`, to be closed by the test. */
export async function startRoomService(
  redisUrl: string,
  options: Partial<Omit<SocketServerOptions, 'revocations'>> = {},
  revoked = new Revoked(),
) {
  const config = {
    address: { kind: 'single', url: redisUrl },
    keyPrefix: 'test:',
    fallbackEnabled: true,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 1,
  } as const;
  const mode = redisMode('room-service', config);
  const redis = openRedis({ config, mode, log });
  const hub = new Hub();
  const bus = new RedisBus({ redis, hub, name: 'rooms', log });
  const ports = createPorts(hub, redis, bus);
  const metrics = createMetrics();
  const limits = { framesPerMinute: 1000 };
  const sockets = new SocketServer({
    log,
    metrics,
    mode,
    limits,
    revocations: revoked,
    ...options,
  });
  const context: Context = { hub, sockets, closed: [], slow: Promise.resolve() };
  await redis.start([bus.reconciler]);
  const resources = new AsyncDisposableStack();
  resources.defer(() => redis.close());
  const service = createService<Context>(
    {
      name: 'room-service',
      log,
      context,
      routes,
      ports,
      mode,
      verifyToken,
      revocations: revoked,
      readiness: {},
      onStop: () => sockets.close(),
    },
    resources,
    metrics,
  );
  const port = await service.listen(0);
  const urlOf = (room: string): string => `ws://127.0.0.1:${port}${path}?room=${room}`;
  return { ...service, mode, hub, context, port, urlOf, [Symbol.asyncDispose]: service.close };
}
