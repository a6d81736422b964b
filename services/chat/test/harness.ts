import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Database, migrate, openDatabase } from '@secureconnect/postgres';
import { createLogger } from '@secureconnect/service';
import {
  eventually,
  SocketClient,
  type TestRedis,
  testPostgres,
  testRedis,
} from '@secureconnect/testkit';
import { createTokenSigner } from '@secureconnect/tokens';
import type { ChatOverrides } from '../src/context.ts';
import { createChat, readChatConfig } from '../src/index.ts';

const jwtSecret = 'a secret of the tests that is long enough';
const signToken = createTokenSigner({ secret: jwtSecret });
const services = join(import.meta.dirname, '..', '..');

export interface TestUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly username: string;
  readonly token: string;
}

/** The parsed body of a reply; its shape is what the test is about. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  readonly data: any;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  readonly body: any;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The database and the Redis of a test, and the users in them. */
export interface World extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly database: Database;
  readonly redis: TestRedis;
  newUser(): Promise<TestUser>;
  /** Starts an instance of chat, to be stopped with the world. */
  start(environment?: NodeJS.ProcessEnv, overrides?: ChatOverrides): Promise<TestChat>;
  /** Asks Redis something, as text. */
  askRedis(command: string): Promise<string>;
}

export interface TestChat {
  readonly url: string;
  call(
    user: TestUser | undefined,
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<Reply>;
  /** Sends and expects success; returns `data`. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  data(user: TestUser, method: string, path: string, body?: unknown): Promise<any>;
  /** Opens a socket, for one conversation or for all. */
  open(user: TestUser, conversationId?: string): Promise<SocketClient>;
  /** Makes a conversation and returns its id. */
  direct(user: TestUser, other: TestUser): Promise<string>;
  group(user: TestUser, ...others: TestUser[]): Promise<string>;
  metrics(): Promise<string>;
  /** Waits until this instance knows whether Redis is there. */
  untilDegraded(degraded: boolean): Promise<void>;
  close(): Promise<void>;
}

/** A fresh world: schemas of auth and chat as their own migrations make them. */
export async function newWorld(): Promise<World> {
  await using parts = new AsyncDisposableStack();
  const { url: databaseUrl } = parts.use(await testPostgres());
  for (const schema of ['auth', 'chat']) {
    await migrate({ databaseUrl, schema, directory: join(services, schema, 'migrations') });
  }
  const redis = parts.use(await testRedis());
  const database = openDatabase({ url: databaseUrl });
  parts.defer(() => database.close());
  const owned = parts.move();
  return {
    databaseUrl,
    database,
    redis,
    newUser: () => newUser(database),
    async start(environment = {}, overrides = {}) {
      const variables = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, ...environment };
      const chat = await startChat(variables, overrides);
      owned.defer(() => chat.close());
      return chat;
    },
    askRedis(command) {
      const connection = connect(redis.port, '127.0.0.1');
      connection.end(`${command}\r\n`);
      return text(connection);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

let users = 0;

async function newUser(database: Database): Promise<TestUser> {
  users += 1;
  const userId = randomUUID();
  const sessionId = randomUUID();
  const username = `User_${process.pid}_${users}`;
  const email = `${username.toLowerCase()}@example.com`;
  await database.execute(
    `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
     VALUES ($1, $2, $3, $4, $3, '')`,
    [userId, email, username, username.toLowerCase()],
  );
  return { userId, sessionId, email, username, token: tokenOf({ userId, sessionId }) };
}

/** An access token of a user, as auth would sign it. */
export function tokenOf(
  { userId, sessionId }: Pick<TestUser, 'userId' | 'sessionId'>,
  lifetimeSeconds = 900,
): string {
  return signToken({ userId, sessionId, role: 'user', lifetimeSeconds }).token;
}

async function startChat(
  environment: NodeJS.ProcessEnv,
  overrides: ChatOverrides,
): Promise<TestChat> {
  const config = readChatConfig({ JWT_SECRET: jwtSecret, ...environment });
  const log = createLogger({ service: 'chat', level: 'fatal' });
  const service = await createChat(config, log, overrides);
  const host = `127.0.0.1:${await service.listen(0)}`;
  const metrics = () => service.metrics.registry.metrics();
  const call: TestChat['call'] = (user, method, path, options) =>
    send(`http://${host}${path}`, user, method, options);
  const data: TestChat['data'] = async (user, method, path, body) => {
    const reply = await call(user, method, path, { body });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.data;
  };
  const converse = async (user: TestUser, type: string, others: TestUser[]): Promise<string> => {
    const participant_ids = others.map(({ userId }) => userId);
    const made = await data(user, 'POST', '/v1/conversations', { type, participant_ids });
    return made.conversation_id;
  };
  return {
    url: `http://${host}`,
    call,
    data,
    metrics,
    open(user, conversationId) {
      const query = conversationId === undefined ? '' : `?conversation_id=${conversationId}`;
      return SocketClient.open(`ws://${host}/v1/ws/chat${query}`, user.token);
    },
    direct: (user, other) => converse(user, 'direct', [other]),
    group: (user, ...others) => converse(user, 'group', others),
    async untilDegraded(degraded) {
      const line = `redis_degraded_mode{service="chat-service"} ${degraded ? 1 : 0}`;
      await eventually(async () => {
        if (!(await metrics()).includes(line)) throw new Error(`not yet: ${line}`);
      });
    },
    close: () => service.close(),
  };
}

async function send(
  url: string,
  user: TestUser | undefined,
  method: string,
  { body, headers }: CallOptions = {},
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(user === undefined ? {} : { authorization: `Bearer ${user.token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const replied = await response.text();
  const parsed = JSON.parse(replied);
  const { status } = response;
  return { status, headers: response.headers, text: replied, body: parsed, data: parsed.data };
}
