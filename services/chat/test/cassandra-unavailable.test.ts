import { MessagePage } from '@secureconnect/contracts';
import {
  eventually,
  ownCassandraSkipReason,
  type TestCassandra,
  testCassandra,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrateCassandra } from '../src/stores/cassandra/migrate.ts';
import { type ChatReply, newWorld, type TestChat, type TestUser, type World } from './harness.ts';
import { freshKeyspace, migrationsDirectory } from './message-store/cassandra-store.ts';

/** A request takes three seconds at most, whatever Cassandra does; the rest is for a busy machine. */
const maxMs = 4000;
/** Cassandra starts in ten seconds, on a busy machine in thirty. */
const slow = { timeoutMs: 60_000, intervalMs: 100 };

const unavailable = {
  status: 503,
  body: {
    success: false,
    error: {
      code: 'SERVICE_UNAVAILABLE',
      message: 'The message store is unavailable; retry.',
    },
  },
};

describe.skipIf(ownCassandraSkipReason !== '')(
  `chat, when its Cassandra is away${ownCassandraSkipReason}`,
  { timeout: 180_000 },
  () => {
    let world: World;
    let cassandra: TestCassandra;
    let environment: NodeJS.ProcessEnv;
    let chat: TestChat;
    let ada: TestUser;
    let conversation: string;
    beforeAll(async () => {
      world = await newWorld();
      cassandra = await testCassandra();
      const config = freshKeyspace(cassandra);
      await migrateCassandra({ config, directory: migrationsDirectory });
      environment = {
        CASSANDRA_CONTACT_POINTS: cassandra.contactPoints,
        CASSANDRA_LOCAL_DATACENTER: cassandra.localDataCenter,
        CASSANDRA_KEYSPACE: config.keyspace,
      };
      chat = await world.start(environment);
    }, 180_000);
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
      await cassandra[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      ada = await world.newUser();
      conversation = await chat.direct(ada, await world.newUser());
    });

    const say = (content: string, client_message_id: string, by = chat): Promise<ChatReply> => {
      const body = { conversation_id: conversation, content, client_message_id };
      return by.call(ada, 'POST', '/v1/messages', { body });
    };
    const inTime = async (work: Promise<ChatReply>): Promise<ChatReply> => {
      const startedAt = performance.now();
      const reply = await work;
      expect(performance.now() - startedAt).toBeLessThan(maxMs);
      return reply;
    };
    const refused = async (work: Promise<ChatReply>): Promise<void> => {
      const reply = await inTime(work);
      expect(reply).toMatchObject(unavailable);
      expect(reply.headers.get('retry-after')).toBe('5');
    };
    const ready = (by = chat) => by.call(undefined, 'GET', '/ready');
    const untilServed = async (by = chat): Promise<void> => {
      await eventually(async () => {
        expect((await say('back', 'back', by)).status).toBe(201);
        expect(await ready(by)).toMatchObject({ status: 200, body: { messages: 'ok' } });
      }, slow);
    };
    const expectDegraded = (state: 'available' | 'unavailable'): Promise<void> =>
      eventually(async () => {
        const { dependencies, rows } = await chat.data(ada, 'GET', '/v1/degraded');
        expect(dependencies.message_store).toMatchObject({ state });
        const sending = rows.find(({ route }: { route: string }) => route === 'POST /v1/messages');
        expect(sending.mode).toBe(state === 'available' ? 'normal' : 'fail_closed');
      }, slow);
    const history = async (): Promise<string[]> => {
      const contents: string[] = [];
      for (let state = ''; ; ) {
        const path = `/v1/messages?conversation_id=${conversation}&limit=100&page_state=${state}`;
        const page = MessagePage.parse(await chat.data(ada, 'GET', path));
        contents.push(...page.messages.map(({ content }) => content));
        if (page.next_page_state === null) return contents;
        state = page.next_page_state;
      }
    };

    test('refuses in time while it hangs, and serves when it answers again', async () => {
      expect((await say('before', 'before')).status).toBe(201);
      await cassandra.freeze();
      const path = `/v1/messages?conversation_id=${conversation}`;
      await Promise.all([
        refused(say('meanwhile', 'meanwhile')),
        refused(chat.call(ada, 'GET', path)),
        refused(chat.call(ada, 'GET', '/v1/messages')),
      ]);
      // What a dependency said counts for a second.
      await eventually(async () =>
        expect(await ready()).toMatchObject({
          status: 503,
          body: { database: 'ok', messages: 'unavailable' },
        }),
      );
      await expectDegraded('unavailable');
      // Routes that need no messages are served.
      const conversations = await chat.call(ada, 'GET', '/v1/conversations');
      expect(conversations.status).toBe(200);
      await cassandra.thaw();
      await untilServed();
      await expectDegraded('available');
    });

    test('loses nothing that it acknowledged when it is killed, and stores nothing twice', async () => {
      const acknowledged: string[] = [];
      const traffic = new AbortController();
      const refusals: ChatReply[] = [];
      const speak = async (speaker: number): Promise<void> => {
        for (let number = 0; !traffic.signal.aborted; number += 1) {
          const content = `${speaker} ${number}`;
          const reply = await inTime(say(content, content));
          if (reply.status === 201) {
            acknowledged.push(content);
          } else {
            expect(reply).toMatchObject(unavailable);
            refusals.push(reply);
            number -= 1; // the same again, as a client does
          }
        }
      };
      const speaking = Promise.all([1, 2, 3, 4].map(speak));
      const atLeast = (count: number) =>
        eventually(() => expect(acknowledged.length).toBeGreaterThan(count), slow);
      await atLeast(100);
      await cassandra.kill();
      await eventually(() => expect(refusals.length).toBeGreaterThan(4), slow);
      await expectDegraded('unavailable');
      await cassandra.restart();
      await atLeast(acknowledged.length + 100);
      traffic.abort();
      await speaking;
      expect((await history()).toSorted()).toEqual(acknowledged.toSorted());
    });

    test('starts without it, logs that, and serves as soon as it is up', async () => {
      await cassandra.kill();
      const late = await world.start(environment);
      await refused(say('early', 'early', late));
      expect(await ready(late)).toMatchObject({ status: 503, body: { messages: 'unavailable' } });
      await cassandra.restart();
      await untilServed(late);
      await untilServed();
    });
  },
);
