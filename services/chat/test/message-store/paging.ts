import type { Message } from '@secureconnect/contracts';
import { beginning } from '@secureconnect/service';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MessageStore, UNREAD_MAX } from '../../src/stores/message-store.ts';
import { TimeUuidGenerator } from '../../src/timeuuid.ts';
import { inBatches, positionOf, Scene, start } from './scene.ts';

const msPerDay = 86_400_000;

/** A conversation with messages on each of these days before now. */
async function conversationOver(
  store: MessageStore,
  { days, perDay, everyDays = 1 }: { days: number; perDay: number; everyDays?: number },
): Promise<{ scene: Scene; said: Message[] }> {
  let now = Date.now() - days * everyDays * msPerDay;
  const scene = new Scene(store, new TimeUuidGenerator(() => now));
  const said: Message[] = [];
  for (let day = 0; day < days; day += 1) {
    const messages = Array.from({ length: perDay }, (_, index) => {
      // Several of one millisecond among them.
      if (index % 3 === 0) now += 1;
      return scene.newMessage(`${day} ${index}`, index % 2 === 0 ? {} : { sender_id: scene.bob });
    });
    await inBatches(messages, 50, async (message) => {
      said.push((await store.add(message)).message);
    });
    now += everyDays * msPerDay;
  }
  return { scene, said };
}

const idsOf = (messages: readonly Message[]): string[] => messages.map((one) => one.message_id);

/** What every store promises of `page` and `summaries`. */
export function describePaging(store: () => MessageStore): void {
  describe('the pages of a history', () => {
    test('of 5,000 messages over 40 days have no gap and no repeat', async () => {
      const { scene, said } = await conversationOver(store(), { days: 40, perDay: 125 });
      const read = await scene.history(97, beginning);
      expect(idsOf(read).toSorted()).toEqual(idsOf(said).toSorted());
      const times = read.map(({ created_at }) => created_at);
      expect(times).toEqual(times.toSorted().reverse());
      const { conversationId } = scene;
      const summaries = await store().summaries(scene.ada, [{ conversationId, readUntil: start }]);
      expect(summaries.get(conversationId)).toEqual({ newest: read[0], unread: UNREAD_MAX });
    });

    test('give every message once and in order, whatever their size', async () => {
      const made = await conversationOver(store(), { days: 9, perDay: 13, everyDays: 3 });
      const whole = await store().page(made.scene.conversationId, beginning, 1000);
      expect(whole).toHaveLength(made.said.length);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 130 }),
          fc.nat(whole.length - 1),
          async (limit, from) => {
            const rest = whole.slice(from + 1);
            const at = whole[from];
            const after = at === undefined ? beginning : positionOf(at);
            expect(await made.scene.history(limit, after)).toEqual(rest);
          },
        ),
        { numRuns: 12 },
      );
    });

    test('are empty without messages', async () => {
      expect(await new Scene(store()).history(10, beginning)).toEqual([]);
    });
  });

  describe('the summary of a conversation', () => {
    test('has the newest message and the count of others’ messages after the mark, without deleted ones', async () => {
      const scene = new Scene(store());
      const { conversationId, ada, bob } = scene;
      const summary = async (userId: string, readUntil = start) =>
        (await store().summaries(userId, [{ conversationId, readUntil }])).get(conversationId);
      expect(await summary(ada)).toEqual({ newest: undefined, unread: 0 });
      const one = await scene.say('one');
      const two = await scene.say('two');
      await scene.say('mine', { sender_id: bob });
      const three = await scene.say('three');
      expect(await summary(bob)).toEqual({ newest: three, unread: 3 });
      expect(await summary(ada)).toEqual({ newest: three, unread: 1 });
      expect(await summary(bob, positionOf(one))).toMatchObject({ unread: 2 });
      expect(await summary(bob, positionOf(three))).toMatchObject({ unread: 0 });
      const key = { conversationId, messageId: two.message_id };
      await store().remove(key, ada, scene.ids.next());
      expect(await summary(bob)).toMatchObject({ unread: 2 });
      const last = { conversationId, messageId: three.message_id };
      const removed = await store().remove(last, ada, scene.ids.next());
      expect(await summary(bob)).toEqual({ newest: removed?.message, unread: 1 });
    });

    test('is given for each requested conversation', async () => {
      const scenes = Array.from({ length: 20 }, () => new Scene(store()));
      await Promise.all(scenes.map((scene) => scene.say('hi')));
      const marks = scenes.map(({ conversationId }) => ({ conversationId, readUntil: start }));
      const summaries = await store().summaries(scenes[0]?.bob ?? '', marks);
      expect([...summaries.keys()].toSorted()).toEqual(
        marks.map(({ conversationId }) => conversationId).toSorted(),
      );
      for (const { unread } of summaries.values()) expect(unread).toBe(1);
    });
  });
}
