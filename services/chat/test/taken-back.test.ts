import { cassandraSkipReason, type SocketClient, sharedCassandra } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrateCassandra } from '../src/stores/cassandra/migrate.ts';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';
import { freshKeyspace, migrationsDirectory } from './message-store/cassandra-store.ts';

interface Said {
  readonly message_id: string;
}

/** A keyspace with its tables, as chat's environment names it. */
async function cassandraKeyspace(parts: AsyncDisposableStack): Promise<NodeJS.ProcessEnv> {
  const config = freshKeyspace(parts.use(await sharedCassandra()));
  await migrateCassandra({ config, directory: migrationsDirectory });
  return {
    CASSANDRA_CONTACT_POINTS: config.contactPoints.join(','),
    CASSANDRA_LOCAL_DATACENTER: config.localDataCenter,
    CASSANDRA_KEYSPACE: config.keyspace,
    CASSANDRA_REPLICATION_FACTOR: '1',
  };
}

const stores = [
  { name: 'PostgreSQL', leftOut: '', environment: async (): Promise<NodeJS.ProcessEnv> => ({}) },
  { name: 'Cassandra', leftOut: cassandraSkipReason, environment: cassandraKeyspace },
];

for (const { name, leftOut, environment } of stores) {
  describe.skipIf(leftOut !== '')(
    `what was taken back, with messages in ${name}${leftOut}`,
    { timeout: 60_000 },
    () => {
      const parts = new AsyncDisposableStack();
      let world: World;
      let chat: TestChat;
      let other: TestChat;
      let ada: TestUser;
      let bob: TestUser;
      let eve: TestUser;
      let group: string;
      let deleted: Said;
      let edited: Said;
      let cursor: string;

      beforeAll(async () => {
        world = parts.use(await newWorld());
        const variables = await environment(parts);
        [chat, other] = [await world.start(variables), await world.start(variables)];
      });
      afterAll(() => parts.disposeAsync());

      const say = async (content: string, more: object = {}): Promise<Said> =>
        chat.data(ada, 'POST', '/v1/messages', { conversation_id: group, content, ...more });
      const path = ({ message_id }: Said, below = '') =>
        `/v1/messages/${message_id}${below}?conversation_id=${group}`;
      const react = (by: TestUser, emoji: string, method: string, said = edited) =>
        chat.data(by, method, path(said, `/reactions/${encodeURIComponent(emoji)}`));
      const resume = async (socket: SocketClient, after = cursor) => {
        const data = { after };
        expect(await socket.ask({ type: 'resume', id: 'back', data }, 'resumed')).toMatchObject({
          data: { complete: true },
        });
        return socket.frames.splice(0);
      };
      /** What deleted and edited messages had said, and what was reacted with and taken back. */
      const takenBack = /the plan|the file|a draft|🙈|the client/;

      beforeEach(async () => {
        [ada, bob, eve] = [await world.newUser(), await world.newUser(), await world.newUser()];
        group = await chat.group(ada, bob);
        cursor = (await say('at first')).message_id;
        const metadata = { file_id: 'the file' };
        deleted = await say('the plan', { metadata, client_message_id: 'the client' });
        edited = await say('a draft');
        await react(bob, '👍', 'PUT', deleted);
        await react(bob, '🙈', 'PUT', edited);
        await react(bob, '🙈', 'DELETE', edited);
        await chat.data(bob, 'POST', path(edited, '/read'));
        await chat.data(ada, 'PATCH', path(edited), { content: 'the wording' });
        await chat.data(ada, 'DELETE', path(deleted));
      });

      test('a newcomer who resumes receives deletions, and the last wording', async () => {
        const body = { user_ids: [eve.userId] };
        await chat.data(ada, 'POST', `/v1/conversations/${group}/participants`, body);
        await using socket = await chat.open(eve);
        const heard = await resume(socket);
        expect(JSON.stringify(heard)).not.toMatch(/the plan|the file|a draft|the client|👍/);
        const about = (type: string) => heard.filter((frame) => frame.type === type);
        expect(about('deleted')).toMatchObject([{ data: { message_id: deleted.message_id } }]);
        const ofEdited = { message_id: edited.message_id, content: 'the wording' };
        expect(about('edited')).toMatchObject([{ data: ofEdited }]);
        expect(about('chat').map(({ data }) => data)).toMatchObject([
          { content: 'at first' },
          ofEdited,
        ]);
        expect(about('reaction')).toMatchObject([{ data: { emoji: '🙈', present: false } }]);
      });

      test('and gets no more by resuming than by reading the history', async () => {
        await using socket = await chat.open(bob);
        const heard = await resume(socket);
        const { messages } = await chat.data(bob, 'GET', `/v1/messages?conversation_id=${group}`);
        const told = heard.filter(({ type }) => type === 'chat').map(({ data }) => data);
        expect(messages).toEqual(expect.arrayContaining(told));
        expect(messages).toHaveLength(told.length + 1);
      });

      test('no list, search, pin, receipt or repetition shows it', async () => {
        await chat.data(ada, 'PUT', path(edited, '/pin'));
        await chat.call(ada, 'PUT', path(deleted, '/pin'));
        const again = { content: 'the plan', client_message_id: 'the client' };
        const shown = [
          await chat.data(bob, 'GET', `/v1/messages?conversation_id=${group}`),
          await chat.data(bob, 'GET', '/v1/messages'),
          await chat.data(bob, 'GET', `/v1/messages/pinned?conversation_id=${group}`),
          await chat.data(bob, 'GET', '/v1/messages/search?q=wording'),
          await chat.data(ada, 'GET', path(edited, '/receipts')),
          await chat.data(ada, 'GET', path(deleted, '/receipts')),
          await say(again.content, again),
          await chat.data(ada, 'DELETE', path(deleted)),
          (await chat.call(bob, 'PUT', path(deleted, '/reactions/x'))).body,
        ];
        expect(JSON.stringify(shown)).not.toMatch(takenBack);
        expect(JSON.stringify(shown)).toContain('the wording');
        for (const q of ['plan', 'draft']) {
          const found = await chat.data(bob, 'GET', `/v1/messages/search?q=${q}`);
          expect(found.messages).toEqual([]);
        }
      });

      test('the inbox of a newcomer shows nothing of a deleted message', async () => {
        await chat.data(ada, 'DELETE', path(edited));
        const { inbox } = await chat.data(bob, 'GET', '/v1/messages');
        expect(inbox).toMatchObject([{ last_message: { message_id: edited.message_id } }]);
        expect(JSON.stringify(inbox)).not.toMatch(/draft|wording|🙈/);
      });

      test('a removed user resumes nothing, also if the removal could not be announced', async () => {
        await using bobSocket = await other.open(bob);
        // As if it had been done by an instance that cannot reach this one.
        await world.database.execute(
          'DELETE FROM chat.participants WHERE conversation_id = $1 AND user_id = $2',
          [group, bob.userId],
        );
        expect(await resume(bobSocket)).toEqual([]);
      });
    },
  );
}
