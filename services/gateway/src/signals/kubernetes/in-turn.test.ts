import { expect, it } from 'vitest';
import { InTurn } from './in-turn.ts';

it('serialises the work of one key only, and forgets keys without work', async () => {
  const inTurn = new InTurn();
  const first = Promise.withResolvers<void>();
  const seen: string[] = [];
  const work = (name: string, until?: Promise<void>) => async () => {
    await until;
    seen.push(name);
  };
  const slow = inTurn.run('a', work('first of a', first.promise));
  const next = inTurn.run('a', work('second of a'));
  await inTurn.run('b', work('b'));
  expect(inTurn.size).toBe(1);
  first.resolve();
  await Promise.all([slow, next]);
  expect(seen).toEqual(['b', 'first of a', 'second of a']);
  expect(inTurn.size).toBe(0);
});
