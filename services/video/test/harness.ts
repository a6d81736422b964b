import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger } from '@secureconnect/service';
import {
  call,
  eventually,
  LogLines,
  type Reply,
  SocketClient,
  type TestRedis,
  testRedis,
} from '@secureconnect/testkit';
import { jwtSecret, type TestUser } from '@secureconnect/tokens/testing';
import { afterAll } from 'vitest';
import { createVideo, readVideoConfig } from '../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
export type VideoReply = Reply<any>;

/** The database and the Redis of a test, and the conversations in them. */
export interface World extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly database: Database;
  readonly redis: TestRedis;
  /** Makes a conversation of these users and returns its id. */
  conversation(...users: TestUser[]): Promise<string>;
  /** Makes the direct conversation of two and returns its id. */
  direct(one: TestUser, other: TestUser): Promise<string>;
  /** Takes a user out of a conversation. */
  takeOut(conversationId: string, user: TestUser): Promise<void>;
  block(blocker: TestUser, blocked: TestUser): Promise<void>;
  unblock(blocker: TestUser, blocked: TestUser): Promise<void>;
  /** Starts an instance of video, to be stopped with the world. */
  start(environment?: NodeJS.ProcessEnv): Promise<TestVideo>;
  /** Makes the time to answer a call run out. */
  endRinging(callId: string): Promise<void>;
}

export interface TestVideo {
  readonly url: string;
  call(
    user: TestUser | undefined,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<VideoReply>;
  /** Starts a call in a conversation and returns its id. */
  ring(user: TestUser, conversationId: string, ...callees: TestUser[]): Promise<string>;
  /** Opens a signaling socket. */
  open(user: TestUser, callId: string): Promise<SocketClient>;
  /** Waits until this instance knows whether Redis is there. */
  untilDegraded(degraded: boolean): Promise<void>;
  close(): Promise<void>;
}

/** A fresh world: schemas of auth, chat and video as their own migrations make them. */
export async function newWorld(): Promise<World> {
  await using parts = new AsyncDisposableStack();
  const { url: databaseUrl } = parts.use(await migratedDatabase(['auth', 'chat', 'video']));
  const redis = parts.use(await testRedis());
  const database = openDatabase({ url: databaseUrl });
  parts.defer(() => database.close());
  const owned = parts.move();
  return {
    databaseUrl,
    database,
    redis,
    conversation: (...users) => newConversation(database, 'group', users),
    direct: (one, other) => newConversation(database, 'direct', [one, other]),
    async takeOut(conversationId, { userId }) {
      const sql = 'DELETE FROM chat.participants WHERE conversation_id = $1 AND user_id = $2';
      await database.execute(sql, [conversationId, userId]);
    },
    block: (blocker, blocked) => block(database, blocker.userId, blocked.userId),
    async unblock(blocker, blocked) {
      const sql = 'DELETE FROM auth.user_blocks WHERE blocker_id = $1 AND blocked_id = $2';
      await database.execute(sql, [blocker.userId, blocked.userId]);
    },
    async start(environment = {}) {
      const variables = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, ...environment };
      const video = await startVideo(variables);
      owned.defer(() => video.close());
      return video;
    },
    async endRinging(callId) {
      const sql = `UPDATE video.calls SET ring_until = now() - interval '1 second'
        WHERE call_id = $1`;
      await database.execute(sql, [callId]);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A world that the tests of a file share; to be called at the top of the file. */
export async function worldOfFile(): Promise<World> {
  const world = await newWorld();
  afterAll(() => world[Symbol.asyncDispose]());
  return world;
}

async function block(database: Database, blocker: string, blocked: string): Promise<void> {
  await database.execute(
    `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
     SELECT known, known::text, known::text, known::text, '', '' FROM unnest($1::uuid[]) AS known
     ON CONFLICT DO NOTHING`,
    [[blocker, blocked]],
  );
  await database.execute('INSERT INTO auth.user_blocks VALUES ($1, $2, now())', [blocker, blocked]);
}

async function newConversation(
  database: Database,
  type: 'direct' | 'group',
  users: TestUser[],
): Promise<string> {
  const id = randomUUID();
  await database.execute(
    `INSERT INTO chat.conversations
       (conversation_id, type, created_by, created_at, updated_at, active_at)
     VALUES ($1, $3, $2, now(), now(), now())`,
    [id, users[0]?.userId ?? randomUUID(), type],
  );
  await database.execute(
    `INSERT INTO chat.participants
       (conversation_id, user_id, role, joined_at, read_until, read_message_id)
     SELECT $1::uuid, user_id, 'member', now(), now(), $1::uuid
     FROM unnest($2::uuid[]) AS added (user_id)`,
    [id, users.map(({ userId }) => userId)],
  );
  return id;
}

async function startVideo(environment: NodeJS.ProcessEnv): Promise<TestVideo> {
  const config = readVideoConfig({ JWT_SECRET: jwtSecret, ...environment });
  const stack = new AsyncDisposableStack();
  const { write } = stack.use(new LogLines());
  const log = createLogger({ service: 'video', level: 'error', write });
  const service = await createVideo(config, log);
  stack.defer(() => service.close());
  const host = `127.0.0.1:${await service.listen(0)}`;
  const url = `http://${host}`;
  const sendAs: TestVideo['call'] = (user, method, path, body) =>
    call(url, method, path, { body, ...(user === undefined ? {} : { token: user.token }) });
  return {
    url,
    call: sendAs,
    async ring(user, conversationId, ...callees) {
      const callee_ids = callees.map(({ userId }) => userId);
      const reply = await sendAs(user, 'POST', '/v1/calls/initiate', {
        call_type: 'video',
        conversation_id: conversationId,
        ...(callees.length === 0 ? {} : { callee_ids }),
      });
      if (reply.status !== 201) throw new Error(`initiate: ${reply.status} ${reply.text}`);
      return reply.body.data.call_id;
    },
    open: (user, callId) =>
      SocketClient.open(`ws://${host}/v1/ws/signaling?call_id=${callId}`, user.token),
    async untilDegraded(degraded) {
      const line = `redis_degraded_mode{service="video-service"} ${degraded ? 1 : 0}`;
      await eventually(async () => {
        const metrics = await service.metrics.registry.metrics();
        if (!metrics.includes(line)) throw new Error(`not yet: ${line}`);
      });
    },
    close: () => stack.disposeAsync(),
  };
}
