import { expect, it } from 'vitest';
import { friendships } from './friendships.ts';
import { madeUp } from './made-up.ts';

const judge = (...all: (readonly [boolean, boolean])[]) =>
  friendships.judge(madeUp({ friends: all.map((has) => ({ users: ['ada', 'bob'], has })) }));

it('takes friends who have each other, and users who are none', () => {
  expect(judge([true, true], [false, false])).toEqual({
    broken: [],
    judged: 2,
    seen: '2 pairs of lists, 1 of them of friends',
  });
});

it('finds a friendship that one of the two does not have', () => {
  expect(judge([true, true], [false, true]).broken).toEqual(['only bob has the other as a friend']);
});
