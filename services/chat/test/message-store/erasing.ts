import { describe, expect, test } from 'vitest';
import type { MessageStore } from '../../src/stores/message-store.ts';
import { inBatches, keyOf, Scene } from './scene.ts';

const afterAll = () => ({
  at: new Date(Date.now() + 60_000),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
});

/** What every store promises of `eraseUser`. */
export function describeErasing(
  store: () => MessageStore,
  rawLog: (conversationId: string) => Promise<string>,
): void {
  describe('erasing a user', () => {
    test('removes their messages, reactions and events, and leaves those of others', async () => {
      const scene = new Scene(store());
      const { ada, bob, conversationId } = scene;
      const own = await scene.say('mine', { client_message_id: 'c-1' });
      const other = await scene.say('theirs', { sender_id: bob });
      for (const userId of [ada, bob]) {
        await store().react(keyOf(other), { userId, emoji: '👍' }, true, scene.ids.next());
      }
      expect(await store().eraseUser(conversationId, ada)).toEqual([own.message_id]);
      expect(await store().find(keyOf(own))).toBeUndefined();
      const left = await scene.history(10, afterAll());
      expect(left).toMatchObject([{ message_id: other.message_id, content: 'theirs' }]);
      expect(JSON.stringify(left)).not.toContain(ada);
      expect(JSON.stringify(left)).toContain(bob);
      expect(await rawLog(conversationId)).not.toContain(ada);
      expect(await rawLog(conversationId)).toContain(bob);
      // Again, as after a crash.
      expect(await store().eraseUser(conversationId, ada)).toEqual([]);
    });

    test('reaches every message of a long conversation', async () => {
      const scene = new Scene(store());
      const senders = Array.from({ length: 1100 }, (_, index) =>
        index % 2 === 0 ? scene.ada : scene.bob,
      );
      await inBatches(senders, 50, (sender_id) => scene.say('one of many', { sender_id }));
      expect(await store().eraseUser(scene.conversationId, scene.ada)).toHaveLength(550);
      const left = await scene.history(500, afterAll());
      expect(new Set(left.map(({ sender_id }) => sender_id))).toEqual(new Set([scene.bob]));
      expect(left).toHaveLength(550);
    });
  });
}
