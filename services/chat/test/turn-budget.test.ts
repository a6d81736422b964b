import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TurnBudget } from '../src/sockets/turn-budget.ts';

test('all tasks together stay within the budget of a turn, in their order', async () => {
  const demand = fc.array(fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 6 }), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(demand, async (users) => {
      const budget = new TurnBudget(10);
      let doneInTurn: number[] = [];
      const order: number[] = [];
      let isDone = false;
      // Asked for before anything else is: from here on it comes first in each turn.
      let turn = nextTurn();
      const work = users.map(async (parts, user) => {
        for (const part of parts) {
          await budget.take(part);
          doneInTurn.push(part);
          order.push(user);
        }
      });
      const all = Promise.all(work).finally(() => {
        isDone = true;
      });
      do {
        await turn;
        turn = nextTurn();
        // The last one may take more than is left, and nobody comes after it.
        const butTheLast = doneInTurn.slice(0, -1).reduce((sum, part) => sum + part, 0);
        expect(butTheLast).toBeLessThan(10);
        doneInTurn = [];
      } while (!isDone);
      await all;
      const firsts = users.flatMap((parts, user) => (parts.length > 0 ? [user] : []));
      expect(order.filter((user, place) => order.indexOf(user) === place)).toEqual(firsts);
    }),
    { numRuns: 60 },
  );
});

test('an idle budget admits at once', async () => {
  const budget = new TurnBudget(10);
  let turns = 0;
  const counting = setImmediate(function count() {
    turns += 1;
    setImmediate(count).unref();
  });
  counting.unref();
  await budget.take(5);
  await budget.take(5);
  expect(turns).toBe(0);
});
