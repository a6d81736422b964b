import {
  bySetting,
  DegradedMode,
  type DegradedModeOptions,
  definePorts,
  failClosed,
  failOpen,
} from '@secureconnect/degraded-mode';
import {
  createLogger,
  createService,
  declarersFor,
  type Identity,
  type Route,
  routesOf,
  type Service,
  type ServiceDeps,
  unauthorized,
} from '../src/index.ts';
import * as endpoints from './small-endpoints.ts';

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

export const declare = declarersFor<
  ReturnType<typeof createPorts>,
  SmallContext,
  { ALLOW_OPEN: boolean }
>({
  bearer: { revocations: failOpen.snapshot({ maxStalenessSeconds: 60 }) },
});

export const smallRoutes: readonly Route<SmallContext>[] = routesOf(endpoints, {
  plain: declare.route(endpoints.plain, {}, async () => ({ plain: true })),
  createNote: declare.route(endpoints.createNote, {}, async ({ body }) => body),
  getNote: declare.route(endpoints.getNote, {}, async ({ params }) => params),
  getLabel: declare.route(endpoints.getLabel, {}, async ({ params }) => params),
  search: declare.route(endpoints.search, {}, async ({ query }) => query),
  failing: declare.route(endpoints.failing, {}, async ({ context }) => {
    throw context.thrown;
  }),
  slow: declare.route(endpoints.slow, {}, async ({ context }) => {
    await context.slow;
    return { slow: true };
  }),
  mine: declare.route(endpoints.mine, {}, async ({ body }) => body),
  closed: declare.route(
    endpoints.closed,
    { guard: failClosed({ retryAfterSeconds: 7 }) },
    async (_request, { guard }) => ({ count: await guard.count() }),
  ),
  open: declare.route(
    endpoints.open,
    {
      counter: bySetting('ALLOW_OPEN', {
        on: failOpen.local(),
        off: failClosed({ retryAfterSeconds: 5 }),
      }),
    },
    async (_request, { counter }) => ({ count: await counter.count() }),
  ),
  smallSocket: declare.socket(endpoints.smallSocket, {}, async ({ context, socket }) => {
    context.upgrades += 1;
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');
  }),
});

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

type Overrides = Partial<ServiceDeps<SmallContext>> & {
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

const usesNoRedis = ({ policy }: Route<SmallContext>): boolean =>
  Object.keys(policy.whenRedisDown).length === 0;

/** Tells the flag that the server serves. */
export function recover(mode: DegradedMode): void {
  mode.availability.recovering();
  mode.availability.recovered();
}
