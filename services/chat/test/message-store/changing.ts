import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type MessageStore, REACTIONS_MAX } from '../../src/stores/message-store.ts';
import { inBatches, keyOf, Scene } from './scene.ts';

/** What every store promises of `edit`, `remove` and `react`. */
export function describeChanging(store: () => MessageStore): void {
  const unknown = (scene: Scene) => ({
    conversationId: scene.conversationId,
    messageId: scene.ids.next().id,
  });

  describe('editing a message', () => {
    test('replaces the content, and logs it', async () => {
      const scene = new Scene(store());
      const said = await scene.say('helo', { metadata: { draft: true } });
      const stamp = scene.ids.next();
      const change = await store().edit(keyOf(said), { content: 'hello', metadata: {} }, stamp);
      const edited = {
        ...said,
        content: 'hello',
        metadata: {},
        edited_at: stamp.at.toISOString(),
      };
      expect(change?.message).toEqual(edited);
      expect(await store().find(keyOf(said))).toEqual(edited);
      expect(await scene.events()).toMatchObject([
        { type: 'chat', eventId: said.message_id, data: edited },
        { type: 'edited', eventId: stamp.id, at: stamp.at, from: scene.ada, data: edited },
      ]);
    });

    test('does nothing to a message that does not exist, or is deleted', async () => {
      const scene = new Scene(store());
      const edit = { content: 'hello', metadata: {} };
      expect(await store().edit(unknown(scene), edit, scene.ids.next())).toBeUndefined();
      const said = await scene.say('gone');
      await store().remove(keyOf(said), scene.ada, scene.ids.next());
      expect(await store().edit(keyOf(said), edit, scene.ids.next())).toBeUndefined();
      expect(await store().find(keyOf(said))).toMatchObject({ content: '' });
      expect((await scene.events()).map(({ type }) => type)).toEqual(['deleted']);
    });

    test('loses to a concurrent deletion, whichever is stored first', async () => {
      const scene = new Scene(store());
      for (let round = 0; round < 20; round += 1) {
        const said = await scene.say('said');
        const edit = { content: 'edited', metadata: { edited: true } };
        const [stamp, other] = [scene.ids.next(), scene.ids.next()];
        const edits = () => store().edit(keyOf(said), edit, stamp);
        const removes = () => store().remove(keyOf(said), scene.ada, other);
        await Promise.all(round % 2 === 0 ? [edits(), removes()] : [removes(), edits()]);
        const found = await store().find(keyOf(said));
        expect(found).toMatchObject({ content: '', metadata: {} });
        expect(found?.deleted_at).toBe(other.at.toISOString());
      }
    });
  });

  describe('deleting a message', () => {
    test('empties it, keeps its place, and logs who did it', async () => {
      const scene = new Scene(store());
      const said = await scene.say('secret', { metadata: { a: 1 } });
      await store().react(keyOf(said), { userId: scene.bob, emoji: '👍' }, true, scene.ids.next());
      const stamp = scene.ids.next();
      const change = await store().remove(keyOf(said), scene.bob, stamp);
      const deleted_at = stamp.at.toISOString();
      const removed = { ...said, content: '', metadata: {}, deleted_at };
      expect(change?.message).toEqual(removed);
      expect(await store().page(scene.conversationId, { at: new Date(), id: stamp.id }, 5)).toEqual(
        [removed],
      );
      expect((await scene.events()).at(-1)).toEqual({
        eventId: stamp.id,
        at: stamp.at,
        type: 'deleted',
        conversationId: scene.conversationId,
        from: scene.bob,
        data: { message_id: said.message_id, deleted_at },
      });
    });

    test('is done once, and needs a message', async () => {
      const scene = new Scene(store());
      const said = await scene.say('once');
      const change = await store().remove(keyOf(said), scene.ada, scene.ids.next());
      const again = await store().remove(keyOf(said), scene.bob, scene.ids.next());
      expect(again).toEqual({ message: change?.message, event: undefined });
      expect(await store().remove(unknown(scene), scene.ada, scene.ids.next())).toBeUndefined();
      expect((await scene.events()).map(({ type }) => type)).toEqual(['deleted']);
    });
  });

  describe('a reaction', () => {
    test('is set and removed once, and keeps the order of the first ones', async () => {
      const scene = new Scene(store());
      const said = await scene.say('hm');
      const react = (userId: string, emoji: string, present: boolean) =>
        store().react(keyOf(said), { userId, emoji }, present, scene.ids.next());
      const { ada, bob } = scene;
      await react(bob, '👍🏽', true);
      await react(bob, 'a b', true);
      await react(ada, '👍🏽', true);
      const last = await react(ada, '❤️', true);
      expect(last?.message.reactions).toEqual([
        { emoji: '👍🏽', user_ids: [bob, ada] },
        { emoji: 'a b', user_ids: [bob] },
        { emoji: '❤️', user_ids: [ada] },
      ]);
      expect(await store().find(keyOf(said))).toEqual(last?.message);
      expect(await react(ada, '❤️', true)).toEqual({ message: last?.message, event: undefined });
      const back = await react(bob, '👍🏽', false);
      expect(back?.message.reactions).toEqual([
        { emoji: 'a b', user_ids: [bob] },
        { emoji: '👍🏽', user_ids: [ada] },
        { emoji: '❤️', user_ids: [ada] },
      ]);
      expect((await react(bob, '👍🏽', false))?.event).toBeUndefined();
      expect((await scene.events()).map(({ data }) => data).slice(1)).toEqual(
        [
          [bob, 'a b', true],
          [ada, '👍🏽', true],
          [ada, '❤️', true],
          [bob, '👍🏽', false],
        ].map(([user_id, emoji, present]) => ({
          message_id: said.message_id,
          user_id,
          emoji,
          present,
        })),
      );
    });

    test('needs a message that is not deleted', async () => {
      const scene = new Scene(store());
      const reaction = { userId: scene.bob, emoji: '👍' };
      const stamp = scene.ids.next();
      expect(await store().react(unknown(scene), reaction, true, stamp)).toBeUndefined();
      const said = await scene.say('gone');
      await store().remove(keyOf(said), scene.ada, scene.ids.next());
      expect(await store().react(keyOf(said), reaction, true, scene.ids.next())).toBeUndefined();
    });

    test(`is refused where ${REACTIONS_MAX} exist already`, async () => {
      const scene = new Scene(store());
      const said = await scene.say('popular');
      const users = Array.from({ length: REACTIONS_MAX }, () => randomUUID());
      const react = (userId: string) =>
        store().react(keyOf(said), { userId, emoji: '👍' }, true, scene.ids.next());
      await inBatches(users, 25, react);
      await expect(react(scene.bob)).rejects.toMatchObject({ code: 'CONFLICT' });
      const again = await react(users[0] ?? '');
      expect(again?.event).toBeUndefined();
      expect(again?.message.reactions?.[0]?.user_ids).toHaveLength(REACTIONS_MAX);
    });
  });
}
