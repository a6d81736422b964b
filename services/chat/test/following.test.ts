import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { closeCodes, Hub } from '@secureconnect/realtime';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { roomOf } from '../src/frames.ts';
import {
  maxAnnouncedConversations,
  maxFollowedConversations,
  maxFollowedHere,
} from '../src/sockets/follow-limits.ts';
import { addParticipants, removeParticipant } from '../src/stores/participants.ts';
import { FollowScene, inGroups, type TestSocket } from './follow-scene.ts';
import { newWorld, type World } from './harness.ts';

let world: World;
let scene: FollowScene;
let ada: string;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  scene = new FollowScene(world.database);
  ada = randomUUID();
});

const noWork = { questions: 0, joined: [], left: [], toldJoined: [], toldLeft: [] };
const follow = (conversationId: string, userId = ada) =>
  scene.chatSockets.follow({ conversationId, userIds: [userId] });
const add = (conversationId: string, userId = ada) =>
  addParticipants(world.database, conversationId, [{ userId, role: 'member' }], new Date());
const remove = (conversationId: string, userId = ada) =>
  removeParticipant(world.database, conversationId, userId, new Date());
const isIn = ({ connection }: TestSocket, conversationId: string): boolean =>
  scene.hub.isIn(connection, roomOf(conversationId));

describe('the cost of following memberships', () => {
  test.each([
    [3, 1],
    [700, 20],
  ])('a change, with %i groups and %i sockets: one query and one room', async (groups, sockets) => {
    await inGroups(world.database, ada, groups);
    const open: TestSocket[] = [];
    for (let count = 0; count < sockets; count += 1) open.push(await scene.open(ada));
    const [made = ''] = await inGroups(world.database, randomUUID(), 1);
    scene.work();

    await add(made);
    await follow(made);
    expect(scene.work()).toEqual({ ...noWork, questions: 1, joined: [1], toldJoined: [made] });
    expect(open.map((socket) => isIn(socket, made))).toEqual(open.map(() => true));
    await follow(made);
    expect(scene.work()).toEqual({ ...noWork, questions: 1 });

    await remove(made);
    await follow(made);
    expect(scene.work()).toEqual({ ...noWork, questions: 1, left: [1], toldLeft: [made] });
    expect(open.map((socket) => isIn(socket, made))).toEqual(open.map(() => false));
  });

  test('a further socket, and one that is not the last to close: nothing', async () => {
    const groups = await inGroups(world.database, ada, 300);
    await scene.open(ada);
    scene.work();
    const second = await scene.open(ada);
    expect(groups.every((group) => isIn(second, group))).toBe(true);
    expect(scene.work()).toEqual(noWork);
    await second.closed();
    expect(scene.work()).toEqual(noWork);
    expect(groups.some((group) => isIn(second, group))).toBe(false);
  });

  test('many concurrent sockets read once, and join once', async () => {
    await inGroups(world.database, ada, 150);
    const sockets = Array.from({ length: 20 }, () => scene.socket(ada));
    await Promise.all(sockets.map((socket) => socket.opening()));
    expect(scene.work()).toMatchObject({ questions: 1, joined: [150] });
  });

  /** How many rooms were joined or left, at most, from one turn of the event loop to the next. */
  async function maxInATurn(work: Promise<unknown>): Promise<number> {
    let [most, before, isDone] = [0, scene.hub.size, false];
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await nextTurn();
      most = Math.max(most, Math.abs(scene.hub.size - before));
      before = scene.hub.size;
    }
    await done;
    return most;
  }

  test('the first and the last one go through the rooms in parts, with turns of others between', async () => {
    const groups = await inGroups(world.database, ada, 1000);
    const socket = scene.socket(ada);
    expect(await maxInATurn(socket.opening())).toBe(200);
    await socket.opened();
    await scene.settled(ada);
    const opened = scene.work();
    expect(opened).toMatchObject({ questions: 1, joined: [200, 200, 200, 200, 200] });
    // The liveliest are told, and no more of them.
    const liveliest = groups.toReversed().slice(0, maxAnnouncedConversations);
    expect(opened.toldJoined).toEqual(liveliest);
    expect(await maxInATurn(socket.closed())).toBe(200);
    const closed = scene.work();
    expect(closed.toldLeft.toSorted()).toEqual(liveliest.toSorted());
    expect(closed.left).toEqual([200, 200, 200, 200, 200]);
  });

  test('many users who come and go concurrently share a turn', async () => {
    const users = Array.from({ length: 20 }, () => randomUUID());
    for (const user of users) await inGroups(world.database, user, 150);
    const sockets = users.map((user) => scene.socket(user));
    const all = (work: (socket: TestSocket) => Promise<void>) => Promise.all(sockets.map(work));
    // The last one in a turn may go beyond its end.
    expect(await maxInATurn(all((socket) => socket.opening()))).toBeLessThanOrEqual(300);
    expect(scene.hub.size).toBe(1 + 20 * 150);
    await all((socket) => socket.opened());
    expect(await maxInATurn(all((socket) => socket.closed()))).toBeLessThanOrEqual(300);
    expect(scene.hub.size).toBe(1);
  });

  test('many concurrent changes: one query for all announced meanwhile', async () => {
    const groups = await inGroups(world.database, randomUUID(), 100);
    const socket = await scene.open(ada);
    scene.work();
    await Promise.all(groups.map((group) => add(group)));
    await Promise.all(groups.map((group) => follow(group)));
    expect(scene.work()).toMatchObject({ questions: 2 });
    expect(groups.every((group) => isIn(socket, group))).toBe(true);
  });

  test('a change of people who have no socket here: nothing', async () => {
    await scene.open(ada);
    scene.work();
    const [made = ''] = await inGroups(world.database, randomUUID(), 1);
    await follow(made, randomUUID());
    expect(scene.work()).toEqual(noWork);
  });
});

describe('a user who follows', () => {
  test('is announced in a room as joined and left once, however many sockets they have in it', async () => {
    const [group = ''] = await inGroups(world.database, ada, 1);
    const one = await scene.open(ada, group);
    const all = await scene.open(ada);
    await one.closed();
    const another = await scene.open(ada, group);
    await all.closed();
    expect(scene.work()).toMatchObject({ toldJoined: [group], toldLeft: [] });
    await another.closed();
    expect(scene.work()).toMatchObject({ toldJoined: [], toldLeft: [group] });
  });

  test('and comes back while the last socket closes keeps their rooms', async () => {
    const groups = await inGroups(world.database, ada, 500);
    const first = await scene.open(ada);
    scene.work();
    const gone = first.closed();
    const second = scene.socket(ada);
    await second.opening();
    await gone;
    expect(groups.every((group) => isIn(second, group))).toBe(true);
    expect(scene.work()).toMatchObject({ toldLeft: [], toldJoined: [] });
    await second.closed();
    expect([scene.hub.size, scene.chatSockets.has(ada)]).toEqual([1, false]);
  });

  test('and comes back in the middle of that is in every room again', async () => {
    const groups = await inGroups(world.database, ada, 1000);
    const first = await scene.open(ada);
    scene.work();
    const full = scene.hub.size;
    const gone = first.closed();
    while (scene.hub.size === full) await nextTurn();
    const second = scene.socket(ada);
    await second.opening();
    await gone;
    expect(groups.every((group) => isIn(second, group))).toBe(true);
    const { left, joined } = scene.work();
    expect(joined).toEqual(left);
    expect(left.length).toBeLessThan(5);
    await second.closed();
  });

  test('and comes back while a second socket still leaves hears of changes', async () => {
    const [group = ''] = await inGroups(world.database, ada, 1);
    const [first, second] = [await scene.open(ada, group), await scene.open(ada, group)];
    const left = Promise.withResolvers<void>();
    scene.afterLeaving = async (member) => {
      if (member.id === second.connection.id) await left.promise;
    };
    const gone = [first.closed(), second.closed()];
    await gone[0];
    const third = scene.socket(ada, group);
    await third.opening();
    left.resolve();
    await gone[1];
    await remove(group);
    await follow(group);
    expect(third.closedWith).toEqual([closeCodes.notFound]);
  });

  test('comes and goes while nothing can be announced', async () => {
    scene.tellingFails = true;
    const groups = await inGroups(world.database, ada, 300);
    const socket = await scene.open(ada);
    expect(groups.every((group) => isIn(socket, group))).toBe(true);
    scene.work();
    await socket.closed();
    expect(scene.work().left).toEqual([200, 100]);
  });

  test('is finally in the rooms that SQL says, in whatever order sockets and changes come', async () => {
    const groups = await inGroups(world.database, randomUUID(), 6);
    const step = fc.oneof(
      fc.record({ kind: fc.constant('open' as const), all: fc.boolean(), group: fc.nat(5) }),
      fc.record({ kind: fc.constantFrom('close' as const), which: fc.nat(9) }),
      fc.record({ kind: fc.constantFrom('add' as const, 'remove' as const), group: fc.nat(5) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        scene = new FollowScene(world.database);
        ada = randomUUID();
        const sockets = new Set<TestSocket>();
        const doing = steps.map(async (one) => {
          if (one.kind === 'open') {
            const socket = scene.socket(ada, one.all ? undefined : groups[one.group]);
            const opened = await socket.opening().then(
              () => true,
              () => false,
            );
            if (opened && socket.closedWith.length === 0) sockets.add(socket);
            else await socket.closed();
          } else if (one.kind === 'close') {
            const socket = [...sockets][one.which];
            if (socket !== undefined && sockets.delete(socket)) await socket.closed();
          } else {
            const group = groups[one.group] ?? '';
            await (one.kind === 'add' ? add(group) : remove(group));
            await follow(group);
          }
        });
        await Promise.all(doing);
        const rows = await world.database.query<{ id: string }>(
          'SELECT conversation_id AS id FROM chat.participants WHERE user_id = $1',
          [ada],
        );
        const actual = new Set(rows.map(({ id }) => id));
        for (const socket of sockets) {
          const { conversationId } = socket;
          const wanted = groups.filter((id) =>
            conversationId === undefined ? actual.has(id) : id === conversationId,
          );
          if (socket.closedWith.length > 0) continue;
          expect(groups.filter((id) => isIn(socket, id))).toEqual(wanted);
          if (conversationId !== undefined) expect(actual.has(conversationId)).toBe(true);
        }
        await Promise.all([...sockets].map((socket) => socket.closed()));
        expect(scene.hub.size).toBe(1);
      }),
      { numRuns: 30 },
    );
  });
});

test('a frame for a session reaches its sockets for all conversations, and no others', async () => {
  const [own, other] = [await scene.open(ada), await scene.open(ada)];
  const strangers = await scene.open(randomUUID());
  const [group = ''] = await inGroups(world.database, ada, 1);
  const narrow = await scene.open(ada, group);
  const { sessionId } = own.connection.user;
  const frame = { type: 'keys_low' };
  for (const socket of [own, narrow, strangers]) {
    scene.chatSockets.sendToSession(ada, socket.connection.user.sessionId, frame);
  }
  scene.chatSockets.sendToSession(randomUUID(), sessionId, frame);
  expect(own.got).toEqual([JSON.stringify(frame)]);
  for (const socket of [other, narrow, strangers]) expect(socket.got).toEqual([]);
});

describe('the bounds of following', () => {
  test('more conversations than a socket follows are refused, and close the sockets that follow them', async () => {
    const groups = await inGroups(world.database, ada, maxFollowedConversations);
    const socket = await scene.open(ada);
    const [one = ''] = groups;
    const own = await scene.open(ada, one);
    const [made = ''] = await inGroups(world.database, randomUUID(), 1);
    await add(made);
    await follow(made);
    expect(socket.closedWith).toEqual([closeCodes.tooManyConversations]);
    expect(own.closedWith).toEqual([]);
    await socket.closed();
    await expect(scene.socket(ada).opening()).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(scene.open(ada, made)).resolves.toBeDefined();
  });

  test('more than all users here may follow are refused for now', async () => {
    class FullHub extends Hub {
      override get size(): number {
        return maxFollowedHere;
      }
    }
    await inGroups(world.database, ada, 1);
    scene = new FollowScene(world.database, new FullHub());
    const socket = scene.socket(ada);
    await expect(socket.opening()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      options: { retryAfterSeconds: 5 },
    });
    await socket.closed();
    expect([...scene.hub.rooms()]).toEqual(['memberships']);
  });
});
