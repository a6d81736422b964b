import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
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
import { createVideo, readVideoConfig } from '../src/index.ts';

const jwtSecret = 'a secret of the tests that is long enough';
const signToken = createTokenSigner({ secret: jwtSecret });
const services = join(import.meta.dirname, '..', '..');

export interface TestUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly token: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  readonly data: any;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  readonly error: any;
}

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
  call(user: TestUser | undefined, method: string, path: string, body?: unknown): Promise<Reply>;
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
  const { url: databaseUrl } = parts.use(await testPostgres());
  for (const schema of ['auth', 'chat', 'video']) {
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

/** A user with a token, as auth would have signed it. */
export function someone(lifetimeSeconds = 900): TestUser {
  const userId = randomUUID();
  const sessionId = randomUUID();
  const { token } = signToken({ userId, sessionId, role: 'user', lifetimeSeconds });
  return { userId, sessionId, token };
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
  const service = await createVideo(config, createLogger({ service: 'video', level: 'fatal' }));
  const host = `127.0.0.1:${await service.listen(0)}`;
  const call: TestVideo['call'] = (user, method, path, body) =>
    send(`http://${host}${path}`, user, method, body);
  return {
    url: `http://${host}`,
    call,
    async ring(user, conversationId, ...callees) {
      const callee_ids = callees.map(({ userId }) => userId);
      const reply = await call(user, 'POST', '/v1/calls/initiate', {
        call_type: 'video',
        conversation_id: conversationId,
        ...(callees.length === 0 ? {} : { callee_ids }),
      });
      if (reply.status !== 201) throw new Error(`initiate: ${reply.status} ${reply.text}`);
      return reply.data.call_id;
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
    close: () => service.close(),
  };
}

async function send(
  url: string,
  user: TestUser | undefined,
  method: string,
  body: unknown,
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(user === undefined ? {} : { authorization: `Bearer ${user.token}` }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const { data, error } = JSON.parse(text);
  return { status: response.status, headers: response.headers, text, data, error };
}
