import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { createKeyspace, defaultKeyPrefix } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';
import { eventually, LogLines, type TestRedis, testRedis } from '@secureconnect/testkit';
import { createTokenSigner } from '@secureconnect/tokens';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { expect } from 'vitest';
import type { GatewayContext } from '../src/context.ts';
import { createGateway, readGatewayConfig } from '../src/index.ts';

/** Who delivers alerts says this. */
export const signalsToken = 'a-token-of-the-tests-for-signals';

/** A service behind the gateway, as small as it can be. */
export interface TestUpstream extends AsyncDisposable {
  readonly origin: string;
  readonly server: Server;
}

export async function startUpstream(
  handle: RequestListener,
  port = 0,
  host = '127.0.0.1',
): Promise<TestUpstream> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    server,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export interface TestToken {
  readonly token: string;
  readonly userId: string;
  readonly tokenId: string;
}

export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly redis: TestRedis;
  readonly databaseUrl: string;
  readonly database: Database;
  /** A token of somebody new, or of a known user. */
  token(userId?: string, lifetimeSeconds?: number): TestToken;
  /** Writes the row that makes a token revoked. */
  revoke(id: string): Promise<void>;
  /** The same, and says so in Redis, as auth does. */
  revokeAtOnce(id: string): Promise<void>;
  /** Waits until the gateway's flag says what it should. */
  untilDegraded(degraded: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly overrides?: Partial<GatewayContext>;
  /** Another gateway, whose Redis and database are shared. */
  readonly sharedWith?: TestGateway;
  /** Default: a free one. */
  readonly port?: number;
}

/** A real gateway on a free port, over a Redis of its own and a database that shows revocations. */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  await using stack = new AsyncDisposableStack();
  const redis = options.sharedWith?.redis ?? stack.use(await testRedis());
  const databaseUrl = options.sharedWith?.databaseUrl ?? (await freshDatabase(stack));
  const database = openDatabase({ url: databaseUrl, maxConnections: 1 });
  stack.defer(() => database.close());
  const config = readGatewayConfig({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    JWT_SECRET: jwtSecret,
    SIGNALS_TOKEN: signalsToken,
    ...options.environment,
  });
  const { write } = stack.use(new LogLines());
  const log = createLogger({ service: 'api-gateway', level: 'error', write });
  const service = await createGateway(config, log, options.overrides);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= service.close());
  stack.defer(close);
  const port = await service.listen(options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;
  const revoke = async (id: string): Promise<void> => {
    await database.execute(
      `INSERT INTO auth.revocations (id, expires_at, reason)
       VALUES ($1, now() + interval '1 hour', 'test')`,
      [id],
    );
  };
  const sign = createTokenSigner({ secret: jwtSecret });
  const owned = stack.move();
  return {
    url,
    port,
    redis,
    databaseUrl,
    database,
    token(userId = randomUUID(), lifetimeSeconds = 900) {
      const signed = sign({ userId, sessionId: randomUUID(), role: 'user', lifetimeSeconds });
      return { token: signed.token, userId, tokenId: signed.tokenId };
    },
    revoke,
    async revokeAtOnce(id) {
      await revoke(id);
      const key = createKeyspace(defaultKeyPrefix).revocation(id);
      await redisCommand(redis.port, `SET ${key} 1 EX 3600`);
    },
    untilDegraded: (degraded) =>
      eventually(async () => {
        // Unlike /v1/degraded it has no limit.
        const { redis } = (await (await fetch(`${url}/ready`)).json()) as Readiness;
        expect(redis).toBe(degraded ? 'degraded' : 'ok');
      }),
    close,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A database with what the gateway keeps, and what it is shown of auth. */
async function freshDatabase(stack: AsyncDisposableStack): Promise<string> {
  const { url } = stack.use(await migratedDatabase(['auth', 'gateway']));
  return url;
}

async function redisCommand(port: number, command: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${command}\r\n`);
  const [reply] = await once(socket, 'data');
  socket.destroy();
  expect(String(reply)).toBe('+OK\r\n');
}

interface Readiness {
  readonly redis: string;
}

/** The headers that say who sends. */
export const bearer = ({ token }: TestToken) => ({ authorization: `Bearer ${token}` });
