import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger } from '@secureconnect/service';
import {
  type CallOptions,
  call,
  eventually,
  LogLines,
  type Reply,
  SocketClient,
  type TestRedis,
  testRedis,
} from '@secureconnect/testkit';
import { jwtSecret, type TestUser as TokenUser, tokenOf } from '@secureconnect/tokens/testing';
import type { ChatOverrides } from '../src/context.ts';
import { createChat, readChatConfig } from '../src/index.ts';

export interface TestUser extends TokenUser {
  readonly email: string;
  readonly username: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
export type ChatReply = Reply<any>;

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
  ): Promise<ChatReply>;
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
  const { url: databaseUrl } = parts.use(await migratedDatabase(['auth', 'chat']));
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

async function startChat(
  environment: NodeJS.ProcessEnv,
  overrides: ChatOverrides,
): Promise<TestChat> {
  const config = readChatConfig({ JWT_SECRET: jwtSecret, ...environment });
  const stack = new AsyncDisposableStack();
  const { write } = stack.use(new LogLines());
  const log = createLogger({ service: 'chat', level: 'error', write });
  const service = await createChat(config, log, overrides);
  stack.defer(() => service.close());
  const host = `127.0.0.1:${await service.listen(0)}`;
  const metrics = () => service.metrics.registry.metrics();
  const url = `http://${host}`;
  const sendAs: TestChat['call'] = (user, method, path, options) =>
    call(url, method, path, { ...options, ...(user === undefined ? {} : { token: user.token }) });
  const data: TestChat['data'] = async (user, method, path, body) => {
    const reply = await sendAs(user, method, path, { body });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body.data;
  };
  const converse = async (user: TestUser, type: string, others: TestUser[]): Promise<string> => {
    const participant_ids = others.map(({ userId }) => userId);
    const made = await data(user, 'POST', '/v1/conversations', { type, participant_ids });
    return made.conversation_id;
  };
  return {
    url,
    call: sendAs,
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
    close: () => stack.disposeAsync(),
  };
}
