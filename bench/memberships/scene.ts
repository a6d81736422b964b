import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { createTokenSigner } from '@secureconnect/tokens';
import { WebSocket } from 'ws';
import { WatchedChat } from './watched-chat.ts';

export interface Backends {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

/** What follows from a socket's end is nowhere to be seen from outside: it is given so long. */
const settlingMs = 2000;
const tokenSeconds = 3600;

/** A new instance of chat with its database, and its users' sockets and requests. */
export class Scene implements AsyncDisposable {
  readonly chat: WatchedChat;
  readonly database: Database;
  readonly #sign: ReturnType<typeof createTokenSigner>;

  private constructor(chat: WatchedChat, database: Database, jwtSecret: string) {
    this.chat = chat;
    this.database = database;
    this.#sign = createTokenSigner({ secret: jwtSecret });
  }

  static async start(backends: Backends): Promise<Scene> {
    const jwtSecret = randomBytes(32).toString('base64');
    const chat = await WatchedChat.start({
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      CHAT_PORT: '0',
      DATABASE_URL: backends.databaseUrl,
      REDIS_URL: backends.redisUrl,
      JWT_SECRET: jwtSecret,
    });
    const database = openDatabase({
      url: backends.databaseUrl,
      maxConnections: 1,
      statementTimeoutMs: 60_000,
    });
    return new Scene(chat, database, jwtSecret);
  }

  /** Opens a socket for all conversations of a user. */
  async open(userId: string): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.chat.port}/v1/ws/chat`, {
      perMessageDeflate: false,
      headers: { authorization: `Bearer ${this.#tokenOf(userId)}` },
    });
    await once(socket, 'open');
    return socket;
  }

  async close(sockets: readonly WebSocket[]): Promise<void> {
    await Promise.all(
      sockets.map(async (socket) => {
        socket.close();
        await once(socket, 'close');
      }),
    );
    await after(settlingMs);
  }

  /** Makes a group over chat's own route. Resolves to its id. */
  async makeGroup(ownerId: string, memberIds: readonly string[]): Promise<string> {
    const body = { type: 'group', title: 'bench', participant_ids: memberIds };
    const made = await this.#send(ownerId, 'POST', '/v1/conversations', body);
    return String(JSON.parse(made).data.conversation_id);
  }

  /** Takes somebody out of a group. */
  async remove(ownerId: string, groupId: string, userId: string): Promise<void> {
    await this.#send(ownerId, 'DELETE', `/v1/conversations/${groupId}/participants/${userId}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database.close();
    await this.chat[Symbol.asyncDispose]();
  }

  #tokenOf(userId: string): string {
    const session = { sessionId: randomUUID(), role: 'user', lifetimeSeconds: tokenSeconds };
    return this.#sign({ userId, ...session }).token;
  }

  async #send(userId: string, method: string, path: string, body?: object): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.chat.port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#tokenOf(userId)}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const reply = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${reply}`);
    return reply;
  }
}
