import {
  bySetting,
  DegradedMode,
  type DegradedModeOptions,
  definePorts,
  failClosed,
  failOpen,
} from '@secureconnect/degraded-mode';
import { z } from 'zod';
import {
  createLogger,
  createService,
  type Identity,
  type Route,
  routesFor,
  type Service,
  type ServiceParts,
  unauthorized,
} from '../src/index.ts';

/** What this service's ports throw when the test says that their server is away. */
export class ServerAway extends Error {}

/** A server that the test takes away and brings back; nobody's imitation. */
class Counter {
  away = false;
  counted = 0;
  async count(): Promise<number> {
    if (this.away) throw new ServerAway('the counter is away');
    this.counted += 1;
    return this.counted;
  }
}

export interface SmallContext {
  /** What `GET /v1/failing` throws. */
  thrown: unknown;
  /** `GET /v1/slow` answers when this resolves. */
  slow: Promise<unknown>;
  upgrades: number;
}

const goodToken = 'a-good-token';
export const bearer = { authorization: `Bearer ${goodToken}` };

function verifyToken(token: string): Identity {
  if (token !== goodToken) throw unauthorized('This is not a valid access token.');
  const expiresAtMs = Date.now() + 60_000;
  const ids = { userId: 'user', sessionId: 'session', tokenId: 'token' };
  return { ...ids, role: 'user', issuedAtMs: Date.now(), expiresAtMs, degraded: false };
}

function createPorts(counter: Counter) {
  const local = new Counter();
  return definePorts({
    counter: { redis: counter, local },
    guard: { redis: counter },
    revocations: {
      redis: { isRevoked: async ({ tokenId }: Identity) => tokenId === 'revoked' },
      snapshot: { isRevoked: async () => false, stalenessSeconds: () => 0 },
    },
  });
}

export const smallRoute = routesFor<ReturnType<typeof createPorts>, SmallContext>({
  bearer: { revocations: failOpen.snapshot({ maxStalenessSeconds: 60 }) },
});

const Note = z.object({
  title: z.string().min(1).max(50),
  count: z.int().min(0),
  tags: z.array(z.object({ name: z.string() })).optional(),
  extra: z.unknown().optional(),
});
const Search = z.object({ q: z.string(), limit: z.coerce.number().int().max(100).default(20) });
const Plain = z.object({ plain: z.boolean() });
const Count = z.object({ count: z.number() });
const none = { auth: 'none', whenRedisDown: {} } as const;

export const smallRoutes: readonly Route<SmallContext>[] = [
  smallRoute.get('/v1/plain', { ...none, operation: 'plain', reply: Plain }, async () => ({
    plain: true,
  })),
  smallRoute.post(
    '/v1/notes',
    { ...none, operation: 'new note', body: Note, reply: Note, status: 201 },
    async ({ body }) => body,
  ),
  smallRoute.get(
    '/v1/notes/:note_id',
    { ...none, operation: 'note', reply: z.object({ note_id: z.string() }) },
    async ({ params }) => params,
  ),
  smallRoute.get(
    '/v1/labels/:label',
    { ...none, operation: 'label', reply: z.object({ label: z.string() }) },
    async ({ params }) => params,
  ),
  smallRoute.get(
    '/v1/search',
    { ...none, operation: 'search', query: Search, reply: Search },
    async ({ query }) => query,
  ),
  smallRoute.get(
    '/v1/failing',
    { ...none, operation: 'failing', reply: Plain },
    async ({ context }) => {
      throw context.thrown;
    },
  ),
  smallRoute.get(
    '/v1/slow',
    { ...none, operation: 'slow', reply: z.object({ slow: z.boolean() }) },
    async ({ context }) => {
      await context.slow;
      return { slow: true };
    },
  ),
  smallRoute.post(
    '/v1/mine',
    { auth: 'bearer', operation: 'mine', body: Note, reply: Note, whenRedisDown: {} },
    async ({ body }) => body,
  ),
  smallRoute.post(
    '/v1/closed',
    {
      auth: 'none',
      operation: 'closed',
      reply: Count,
      whenRedisDown: { guard: failClosed({ retryAfterSeconds: 7 }) },
    },
    async (_request, { guard }) => ({ count: await guard.count() }),
  ),
  smallRoute.post(
    '/v1/open',
    {
      auth: 'none',
      operation: 'open',
      reply: Count,
      whenRedisDown: {
        counter: bySetting('ALLOW_OPEN', {
          on: failOpen.local(),
          off: failClosed({ retryAfterSeconds: 5 }),
        }),
      },
    },
    async (_request, { counter }) => ({ count: await counter.count() }),
  ),
  smallRoute.upgrade(
    '/v1/ws',
    { auth: 'bearer', operation: 'socket', query: Search, whenRedisDown: {} },
    async ({ context, socket }) => {
      context.upgrades += 1;
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');
    },
  ),
];

export interface SmallService extends AsyncDisposable {
  readonly service: Service;
  readonly port: number;
  readonly url: string;
  readonly mode: DegradedMode;
  readonly context: SmallContext;
  readonly counter: Counter;
  /** Every log line so far, as it was written. */
  readonly logLines: string[];
}

type Overrides = Partial<ServiceParts<SmallContext>> & {
  readonly modeOptions?: Partial<DegradedModeOptions>;
  /** As in a service that has no Redis. */
  readonly withoutMode?: boolean;
};

/** A service over the routes above, listening, whose flag the test turns. */
export async function startSmallService(overrides: Overrides = {}): Promise<SmallService> {
  const { modeOptions, withoutMode = false, ...parts } = overrides;
  const logLines: string[] = [];
  const write = (line: string): unknown => logLines.push(line);
  const mode = new DegradedMode({
    service: 'small-service',
    classify: (error) =>
      error instanceof ServerAway ? { severity: 'hard', reason: 'away' } : undefined,
    settings: { ALLOW_OPEN: true },
    ...modeOptions,
  });
  recover(mode);
  const counter = new Counter();
  const context: SmallContext = { thrown: undefined, slow: Promise.resolve(), upgrades: 0 };
  const service = createService<SmallContext>(
    {
      name: 'small-service',
      log: createLogger({ service: 'small-service', level: 'info', write }),
      context,
      routes: withoutMode ? smallRoutes.filter(usesNoRedis) : smallRoutes,
      ports: createPorts(counter),
      ...(withoutMode ? {} : { mode }),
      verifyToken,
      readiness: {},
      ...parts,
    },
    new AsyncDisposableStack(),
  );
  const port = await service.listen(0);
  const url = `http://127.0.0.1:${port}`;
  const close = () => service.close();
  return { service, port, url, mode, context, counter, logLines, [Symbol.asyncDispose]: close };
}

const usesNoRedis = ({ row }: Route<SmallContext>): boolean =>
  Object.keys(row.whenRedisDown).length === 0;

/** Tells the flag that the server serves. */
export function recover(mode: DegradedMode): void {
  mode.availability.recovering();
  mode.availability.recovered();
}
