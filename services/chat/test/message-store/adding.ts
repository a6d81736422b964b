import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MessageStore } from '../../src/stores/message-store.ts';
import { keyOf, Scene } from './scene.ts';

/** What every store promises of `add` and `find`. */
export function describeAdding(store: () => MessageStore): void {
  describe('adding a message', () => {
    test('stores it as it was sent, and logs it', async () => {
      const scene = new Scene(store());
      const said = {
        content: ' Grüße 💬\n',
        is_encrypted: true,
        message_type: 'file',
        metadata: { size: 7, nested: { list: [null, 'x', 1.5] } },
        client_message_id: 'c-1',
      } as const;
      const { message, event } = await scene.add(said.content, said);
      expect(message).toMatchObject({ ...said, sender_id: scene.ada });
      expect(message).not.toHaveProperty('reactions');
      expect(await store().find(keyOf(message))).toEqual(message);
      expect(event).toEqual({
        eventId: message.message_id,
        at: new Date(message.created_at),
        type: 'chat',
        conversationId: scene.conversationId,
        from: scene.ada,
        data: message,
      });
      expect(await scene.events()).toEqual([event]);
    });

    test('needs no client_message_id and no content', async () => {
      const scene = new Scene(store());
      const message = await scene.say('…');
      expect(message).not.toHaveProperty('client_message_id');
      expect(await store().find(keyOf(message))).toEqual(message);
    });

    test('with one client_message_id twenty times concurrently gives one message and one event', async () => {
      const scene = new Scene(store());
      const changes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          scene.add(`attempt ${index}`, { client_message_id: 'again' }),
        ),
      );
      const [first] = changes;
      for (const { message } of changes) expect(message).toEqual(first?.message);
      expect(changes.filter(({ event }) => event !== undefined)).toHaveLength(1);
      expect(
        await scene.history(10, { at: new Date(Date.now() + 1000), id: randomUUID() }),
      ).toEqual([first?.message]);
      expect(await scene.events()).toMatchObject([{ type: 'chat', data: first?.message }]);
      const later = await scene.add('later', { client_message_id: 'again' });
      expect(later).toEqual({ message: first?.message, event: undefined });
    });

    test('scopes a client_message_id to its sender and conversation', async () => {
      const scene = new Scene(store());
      const again = { client_message_id: 'again' };
      const conversation_id = randomUUID();
      const said = [
        await scene.say('one', again),
        await scene.say('two', { ...again, sender_id: scene.bob }),
        await scene.say('three', { ...again, conversation_id }),
      ];
      expect(said.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
    });
  });

  test('finding a message takes its conversation', async () => {
    const scene = new Scene(store());
    const { messageId, conversationId } = keyOf(await scene.say('here'));
    expect(await store().find({ conversationId: randomUUID(), messageId })).toBeUndefined();
    expect(await store().find({ conversationId, messageId: randomUUID() })).toBeUndefined();
    const never = scene.ids.next().id;
    expect(await store().find({ conversationId, messageId: never })).toBeUndefined();
  });
}
