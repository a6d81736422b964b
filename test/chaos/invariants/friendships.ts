import type { Invariant } from './invariant.ts';

/** Judges the lists of friends, each read while nobody changed them. */
export const friendships: Invariant = {
  name: 'users are friends of their friends',
  judge({ friends }) {
    const broken = friends
      .filter(({ has: [one, other] }) => one !== other)
      .map(
        ({ users: [one, other], has }) => `only ${has[0] ? one : other} has the other as a friend`,
      );
    const count = friends.filter(({ has }) => has.every(Boolean)).length;
    return {
      broken,
      judged: friends.length,
      seen: `${friends.length} pairs of lists, ${count} of them of friends`,
    };
  },
};
