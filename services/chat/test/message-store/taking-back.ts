import type { Message } from '@secureconnect/contracts';
import { describe, expect, test } from 'vitest';
import type { MessageStore, StoredEvent } from '../../src/stores/message-store.ts';
import { TimeUuidGenerator } from '../../src/timeuuid.ts';
import { keyOf, Scene } from './scene.ts';

const msPerDay = 86_400_000;

const typesOf = (events: readonly StoredEvent[]): string[] => events.map(({ type }) => type);

/** What the log of every store shows after a change was taken back. */
export function describeTakingBack(
  store: () => MessageStore,
  rawLog: (conversationId: string) => Promise<string>,
): void {
  describe('what was taken back', () => {
    test('is logged as deleted, and its content is in the log at no time', async () => {
      const scene = new Scene(store());
      const said = await scene.say('the plan', { metadata: { file_id: 'the file' } });
      await store().edit(keyOf(said), { content: 'the other', metadata: {} }, scene.ids.next());
      await store().react(keyOf(said), { userId: scene.bob, emoji: '👍' }, true, scene.ids.next());
      const before = await rawLog(scene.conversationId);
      expect(before).toContain(said.message_id);
      expect(before).not.toMatch(/the (plan|other|file)/);
      const stamp = scene.ids.next();
      await store().remove(keyOf(said), scene.ada, stamp);
      expect(await scene.events()).toEqual([
        {
          eventId: stamp.id,
          at: stamp.at,
          type: 'deleted',
          conversationId: scene.conversationId,
          from: scene.ada,
          data: { message_id: said.message_id, deleted_at: stamp.at.toISOString() },
        },
      ]);
    });

    test('is logged with its last content, and nothing of the content before', async () => {
      const scene = new Scene(store());
      const said = await scene.say('helo', { metadata: { draft: 1 } });
      const edit = (content: string) =>
        store().edit(keyOf(said), { content, metadata: {} }, scene.ids.next());
      await edit('hellp');
      const last = await edit('hello');
      const events = await scene.events();
      expect(typesOf(events)).toEqual(['chat', 'edited', 'edited']);
      for (const { data } of events) expect(data).toEqual(last?.message);
    });

    test('is not logged as a reaction; its removal is', async () => {
      const scene = new Scene(store());
      const said = await scene.say('hm');
      const react = (emoji: string, present: boolean) =>
        store().react(keyOf(said), { userId: scene.bob, emoji }, present, scene.ids.next());
      await react('👍', true);
      await react('👎', true);
      await react('👎', false);
      await react('👍', false);
      await react('👍', true);
      const told = (await scene.events()).filter(({ type }) => type === 'reaction');
      expect(told.map(({ data: { emoji, present } }) => [emoji, present])).toEqual([
        ['👍', true],
        ['👎', false],
        ['👍', true],
      ]);
    });

    test('is logged by no concurrent edit', async () => {
      const scene = new Scene(store());
      for (let round = 0; round < 10; round += 1) {
        const said = await scene.say('said');
        const [stamp, other] = [scene.ids.next(), scene.ids.next()];
        await Promise.all([
          store().edit(keyOf(said), { content: 'edited', metadata: {} }, stamp),
          store().remove(keyOf(said), scene.ada, other),
        ]);
      }
      expect(typesOf(await scene.events())).toEqual(Array(10).fill('deleted'));
    });

    test('does not end the log for clients that continue to read, a page at a time', async () => {
      const scene = new Scene(store());
      for (let count = 0; count < 9; count += 1) {
        const said = await scene.say('gone');
        await store().remove(keyOf(said), scene.ada, scene.ids.next());
      }
      const last = await scene.say('here');
      const events = await scene.events(2);
      expect(typesOf(events)).toEqual([...Array(9).fill('deleted'), 'chat']);
      expect(events.at(-1)?.data).toEqual(last);
    });

    test('is known of each of many messages from many days', async () => {
      let now = Date.now() - 40 * msPerDay;
      const scene = new Scene(store(), new TimeUuidGenerator(() => now));
      const said: Message[] = [];
      for (let day = 0; day < 40; day += 1) {
        said.push(await scene.say(`of day ${day}`));
        now += msPerDay;
      }
      now = Date.now();
      const edit = { content: 'edited', metadata: {} };
      for (const message of said) await store().edit(keyOf(message), edit, scene.ids.next());
      const kept = said.splice(7, 1);
      for (const message of said) await store().remove(keyOf(message), scene.ada, scene.ids.next());
      const edited = (await scene.events()).filter(({ type }) => type === 'edited');
      const left = await Promise.all(kept.map((message) => store().find(keyOf(message))));
      expect(edited.map(({ data }) => data)).toEqual(left);
    });
  });
}
