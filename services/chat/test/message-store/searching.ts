import { beginning, type Position } from '@secureconnect/service';
import { describe, expect, test } from 'vitest';
import { searchWords } from '../../src/search-words.ts';
import type { MessageStore } from '../../src/stores/message-store.ts';
import { TimeUuidGenerator } from '../../src/timeuuid.ts';
import { keyOf, positionOf, Scene } from './scene.ts';

const msPerDay = 86_400_000;

/** What every store promises of `search`. */
export function describeSearching(store: () => MessageStore): void {
  describe('a search', () => {
    const contentsOf = async (
      scenes: readonly Scene[],
      query: string,
      { after = beginning, limit = 100 }: { after?: Position; limit?: number } = {},
    ): Promise<string[]> => {
      const ids = scenes.map(({ conversationId }) => conversationId);
      const found = await store().search(ids, searchWords(query), after, limit);
      return found.map(({ content }) => content);
    };

    test('finds messages with every word, in any letter case, newest first', async () => {
      const scene = new Scene(store());
      for (const content of ['Red fox', 'red Hen', 'a RED, red fox!', 'foxes are red', 'Füchse']) {
        await scene.say(content);
      }
      expect(await contentsOf([scene], 'red fox')).toEqual(['a RED, red fox!', 'Red fox']);
      expect(await contentsOf([scene], 'HEN')).toEqual(['red Hen']);
      expect(await contentsOf([scene], 'füchse')).toEqual(['Füchse']);
      expect(await contentsOf([scene], 'red fox hen')).toEqual([]);
    });

    test('finds edited content, and nothing deleted, encrypted or elsewhere', async () => {
      const [scene, elsewhere] = [new Scene(store()), new Scene(store())];
      await elsewhere.say('needle elsewhere');
      await scene.say('needle encrypted', { is_encrypted: true });
      const deleted = await scene.say('needle deleted');
      const edited = await scene.say('needle edited');
      const found = await scene.say('found');
      const edit = (content: string) => ({ content, metadata: {} });
      await store().remove(keyOf(deleted), scene.ada, scene.ids.next());
      await store().edit(keyOf(edited), edit('something else'), scene.ids.next());
      await store().edit(keyOf(found), edit('a needle'), scene.ids.next());
      expect(await contentsOf([scene], 'needle')).toEqual(['a needle']);
      expect(await contentsOf([scene], 'something')).toEqual(['something else']);
      expect(await contentsOf([scene, elsewhere], 'needle')).toEqual([
        'a needle',
        'needle elsewhere',
      ]);
    });

    test('continues after a position, over conversations and days, without gap or repeat', async () => {
      let now = Date.now() - 30 * msPerDay;
      const ids = new TimeUuidGenerator(() => now);
      const scenes = [new Scene(store(), ids), new Scene(store(), ids), new Scene(store(), ids)];
      const expected: string[] = [];
      for (let count = 0; count < 60; count += 1) {
        const scene = scenes[(count * 7) % 3];
        const content = count % 3 === 0 ? `hay ${count}` : `needle ${count}`;
        await scene?.say(content);
        if (count % 3 !== 0) expected.unshift(content);
        now += msPerDay / 3;
      }
      expect(await contentsOf(scenes, 'needle')).toEqual(expected);
      const conversationIds = scenes.map(({ conversationId }) => conversationId);
      const read: string[] = [];
      for (let after = beginning; ; ) {
        const page = await store().search(conversationIds, ['needle'], after, 7);
        read.push(...page.map(({ content }) => content));
        const last = page.at(-1);
        if (last === undefined || page.length < 7) break;
        after = positionOf(last);
      }
      expect(read).toEqual(expected);
    });

    test('of no conversation finds nothing', async () => {
      expect(await store().search([], ['needle'], beginning, 10)).toEqual([]);
    });
  });
}
