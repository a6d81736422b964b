import { cassandraSkipReason } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCassandraStore } from './message-store/cassandra-store.ts';
import { keyOf, Scene } from './message-store/scene.ts';
import { describeMessageStore } from './message-store-contract.ts';

describeMessageStore('Cassandra', openCassandraStore, cassandraSkipReason);

describe.skipIf(cassandraSkipReason !== '')(
  `a client_message_id that an attempt reserved in Cassandra${cassandraSkipReason}`,
  () => {
    let opened: Awaited<ReturnType<typeof openCassandraStore>>;
    beforeAll(async () => {
      opened = await openCassandraStore();
    });
    afterAll(() => opened[Symbol.asyncDispose]());

    /** What an attempt leaves that dies before it has stored anything. */
    const reserve = async (scene: Scene, attemptedAt: Date): Promise<string> => {
      const { id } = scene.ids.next();
      await opened.connection.query({
        query: `INSERT INTO client_messages (conversation_id, sender_id, client_message_id,
          message_id, attempt_id, attempted_at) VALUES (?, ?, 'c', ?, ?, ?) IF NOT EXISTS`,
        params: [scene.conversationId, scene.ada, id, id, attemptedAt],
      });
      return id;
    };
    const before = (seconds: number): Date => new Date(Date.now() - seconds * 1000);

    test('and died is stored under the reserved id, and told under the new one', async () => {
      const scene = new Scene(opened.store);
      const reserved = await reserve(scene, before(60));
      const fresh = scene.newMessage('again', { client_message_id: 'c' });
      const { message, event } = await opened.store.add(fresh);
      expect(message).toMatchObject({ message_id: reserved, content: 'again' });
      expect(event).toMatchObject({ eventId: fresh.message_id, data: message });
      expect(await opened.store.find(keyOf(message))).toEqual(message);
      expect(await scene.events()).toEqual([event]);
      const third = await scene.add('once more', { client_message_id: 'c' });
      expect(third).toEqual({ message, event: undefined });
    });

    test('and died is taken over by one of many', async () => {
      const scene = new Scene(opened.store);
      const reserved = await reserve(scene, before(60));
      const changes = await Promise.all(
        Array.from({ length: 20 }, () => scene.add('again', { client_message_id: 'c' })),
      );
      expect(new Set(changes.map(({ message }) => message.message_id))).toEqual(
        new Set([reserved]),
      );
      expect(changes.filter(({ event }) => event !== undefined)).toHaveLength(1);
      expect(await scene.events()).toHaveLength(1);
    });

    test('and still processes is awaited, and then refused rather than stored twice', async () => {
      const scene = new Scene(opened.store);
      await reserve(scene, before(0));
      await expect(scene.add('again', { client_message_id: 'c' })).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        options: { retryAfterSeconds: 5 },
      });
      expect(await scene.events()).toEqual([]);
    });
  },
);
