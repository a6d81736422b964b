import type { Position } from '@secureconnect/service';
import { describe, expect, test } from 'vitest';
import {
  type EventsPage,
  earliestId,
  type MessageStore,
  type StoredEvent,
} from '../../src/stores/message-store.ts';
import { Scene, start } from './scene.ts';

/** What every store promises of its log. */
export function describeEvents(store: () => MessageStore): void {
  describe('the log', () => {
    const logged = async (scene: Scene, count: number): Promise<StoredEvent[]> => {
      const events: StoredEvent[] = [];
      for (let index = 0; index < count; index += 1) {
        const { id: eventId, at } = scene.ids.next();
        const { conversationId, ada: from } = scene;
        const data = { message_id: eventId, index };
        const event = { eventId, at, type: 'read', conversationId, from, data } as const;
        await store().log(event);
        events.push(event);
      }
      return events;
    };

    test('gives events in order, a page at a time, each once', async () => {
      const scene = new Scene(store());
      const { conversationId } = scene;
      const expected = await logged(scene, 25);
      expect(await scene.events()).toEqual(expected);
      const read: StoredEvent[] = [];
      for (let after: Position | undefined = start; after !== undefined; ) {
        const page: EventsPage = await store().events({ conversationId, after, limit: 7 });
        read.push(...page.events);
        expect(page.events.length).toBeLessThanOrEqual(7);
        after = page.next;
      }
      expect(read).toEqual(expected);
    });

    test('begins at a time, with everything of its millisecond', async () => {
      const at = Date.now();
      const scene = new Scene(store());
      const events = await logged(scene, 12);
      const { conversationId } = scene;
      const from = events[5]?.at ?? new Date(at);
      const after = { at: from, id: earliestId };
      const expected = events.filter((event) => event.at.getTime() >= from.getTime());
      const page = await store().events({ conversationId, after, limit: 100 });
      expect(page).toEqual({ events: expected, next: undefined });
      const later = { at: new Date(Date.now() + 60_000), id: earliestId };
      expect(await store().events({ conversationId, after: later, limit: 100 })).toEqual({
        events: [],
        next: undefined,
      });
    });

    test('of one conversation has nothing of a different one, and has an event that is logged twice once', async () => {
      const [scene, other] = [new Scene(store()), new Scene(store())];
      const [event] = await logged(scene, 1);
      if (event !== undefined) await store().log(event);
      await other.say('elsewhere');
      expect(await scene.events()).toEqual([event]);
    });
  });

  test('a ping is answered', async () => {
    await store().ping();
  });
}
