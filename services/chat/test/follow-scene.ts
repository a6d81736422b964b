import { randomUUID } from 'node:crypto';
import type { Database, Sql } from '@secureconnect/postgres';
import {
  type CloseCode,
  createFanOut,
  type FanOut,
  Hub,
  type Member,
} from '@secureconnect/realtime';
import { createLogger } from '@secureconnect/service';
import { everyoneOffline } from '../src/ports/presence.ts';
import { UserCallNotices } from '../src/sockets/call-notices.ts';
import { ChatSocket } from '../src/sockets/chat-socket.ts';
import { ChatSockets } from '../src/sockets/chat-sockets.ts';

/** What following memberships has cost since it was last asked. */
export interface Work {
  /** Statements to SQL. */
  questions: number;
  /** How many rooms were joined at a time, and left. */
  joined: number[];
  left: number[];
  /** Rooms that were told that somebody is there, or no longer. */
  toldJoined: string[];
  toldLeft: string[];
}

const nothing = (): Work => ({
  questions: 0,
  joined: [],
  left: [],
  toldJoined: [],
  toldLeft: [],
});

/** The chat sockets of an instance without a network, over a real database; what they do is counted. */
export class FollowScene {
  readonly hub: Hub;
  readonly chatSockets: ChatSockets;
  readonly #callNotices: UserCallNotices;
  readonly #fanOut: FanOut;
  #work = nothing();
  /** Whether telling rooms that somebody is there fails. */
  tellingFails = false;
  /** What a member waits for when it has left rooms, such as a reply of Redis. */
  afterLeaving: (member: Member) => Promise<void> = async () => undefined;

  constructor(database: Database, hub = new Hub()) {
    this.hub = hub;
    const log = createLogger({ service: 'chat', level: 'silent' });
    this.chatSockets = new ChatSockets({ hub, database: this.#counted(database), log });
    this.#callNotices = new UserCallNotices({ busHub: new Hub(), database, log });
    const nowhere = { publish: never, subscribe: never, unsubscribe: never };
    const { local } = createFanOut(hub, nowhere);
    this.#fanOut = {
      ...local,
      join: (member, rooms) => {
        this.#work.joined.push(rooms.length);
        return local.join(member, rooms);
      },
      leave: async (member, rooms) => {
        this.#work.left.push(rooms.length);
        await local.leave(member, rooms);
        await this.afterLeaving(member);
      },
    };
  }

  /** What was done since this was last asked. */
  work(): Work {
    const work = this.#work;
    this.#work = nothing();
    return work;
  }

  /** A socket that is not open yet. */
  socket(userId: string, conversationId?: string): TestSocket {
    const closedWith: CloseCode[] = [];
    const got: string[] = [];
    const connection = {
      id: randomUUID(),
      userId,
      sendText: (text: string | Buffer) => void got.push(String(text)),
      close: (code: CloseCode) => void closedWith.push(code),
      user: { sessionId: randomUUID() },
    };
    const raise = async (type: 'user_joined' | 'user_left', frame: object): Promise<void> => {
      const told = type === 'user_joined' ? this.#work.toldJoined : this.#work.toldLeft;
      if (this.tellingFails) throw new Error('nobody can be told');
      told.push(String(Reflect.get(frame, 'conversation_id')));
    };
    const parts = {
      sockets: this.chatSockets,
      callNotices: this.#callNotices,
      fanOut: this.#fanOut,
      presence: everyoneOffline,
      conversationId,
    };
    const socket = new ChatSocket({ connection, raise }, parts);
    return Object.assign(socket, { got, closedWith });
  }

  /** A socket that is open, and has told whom it tells. */
  async open(userId: string, conversationId?: string): Promise<TestSocket> {
    const socket = this.socket(userId, conversationId);
    await socket.opening();
    await socket.opened();
    await this.settled(userId);
    return socket;
  }

  /** Resolves when what the sockets of a user had to do is done. */
  async settled(userId: string): Promise<void> {
    // Nobody's conversation: it asks, and changes nothing, after everything else.
    await this.chatSockets.followAll([{ conversationId: randomUUID(), userIds: [userId] }]);
    this.#work.questions -= 1;
  }

  #counted(database: Database): Database {
    const count = (sql: Sql): Sql => ({
      query: (text, values) => {
        this.#work.questions += 1;
        return sql.query(text, values);
      },
      execute: (text, values) => {
        this.#work.questions += 1;
        return sql.execute(text, values);
      },
    });
    return { ...database, ...count(database) };
  }
}

export type TestSocket = ChatSocket & {
  /** Frames that it was sent. */
  readonly got: string[];
  readonly closedWith: CloseCode[];
};

/** Puts a user, and somebody else, into so many new groups, past all routes. Returns the groups. */
export async function inGroups(sql: Sql, userId: string, groups: number): Promise<string[]> {
  const ids = Array.from({ length: groups }, () => randomUUID());
  await sql.execute(
    `INSERT INTO chat.conversations
       (conversation_id, type, created_by, created_at, updated_at, active_at)
     SELECT id, 'group', $2, now(), now(), now() + place * interval '1 ms'
     FROM unnest($1::uuid[]) WITH ORDINALITY AS made (id, place)`,
    [ids, userId],
  );
  await sql.execute(
    `INSERT INTO chat.participants
       (conversation_id, user_id, role, joined_at, read_until, read_message_id)
     SELECT id, $2, 'member', now(), now(), '00000000-0000-0000-0000-000000000000'
     FROM unnest($1::uuid[]) AS made (id)`,
    [ids, userId],
  );
  return ids;
}

function never(): Promise<never> {
  throw new Error('there is no bus here');
}
