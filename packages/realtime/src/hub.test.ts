import { beforeEach, describe, expect, test } from 'vitest';
import { Hub } from './hub.ts';
import type { Member } from './member.ts';
import { MemberGroup } from './member-group.ts';
import { RecentIds } from './recent-ids.ts';

interface TestMember extends Member {
  readonly got: string[];
}

function member(userId: string, id = userId): TestMember {
  const got: string[] = [];
  return { id, userId, got, sendText: (text) => got.push(String(text)) };
}

describe('a hub', () => {
  let hub: Hub;
  let ada: TestMember;
  let bob: TestMember;

  beforeEach(() => {
    hub = new Hub();
    ada = member('ada');
    bob = member('bob');
    hub.join(ada, ['red', 'blue']);
    hub.join(bob, ['red']);
  });

  const deliver = (id: string, options: object = {}): boolean =>
    hub.deliver({ id, room: 'red', frame: { id }, ...options });

  test('delivers to everybody in the room and to nobody else', () => {
    const eve = member('eve');
    hub.join(eve, ['blue']);
    deliver('1');
    expect([ada.got, bob.got, eve.got]).toEqual([['{"id":"1"}'], ['{"id":"1"}'], []]);
  });

  test('delivers an id once to a room', () => {
    deliver('1');
    deliver('1');
    hub.deliver({ id: '1', room: 'blue', frame: { id: '1' } });
    expect(bob.got).toHaveLength(1);
    expect(ada.got).toHaveLength(2);
  });

  test('leaves out the socket that a frame came from', () => {
    const phone = member('ada', 'phone');
    hub.join(phone, ['red']);
    deliver('1', { exceptSocket: 'ada' });
    expect([ada.got.length, phone.got.length, bob.got.length]).toEqual([0, 1, 1]);
  });

  test('leaves out all sockets of excluded users', () => {
    const phone = member('bob', 'phone');
    hub.join(phone, ['red']);
    deliver('1', { exceptUsers: ['bob', 'eve'] });
    expect([ada.got.length, bob.got.length, phone.got.length]).toEqual([1, 0, 0]);
  });

  test('delivers to one user alone', () => {
    deliver('1', { toUser: 'bob' });
    expect([ada.got.length, bob.got.length]).toEqual([0, 1]);
  });

  test('delivers an event with a maximum of members only to rooms within it', () => {
    hub.join(member('eve'), ['red']);
    expect(deliver('few', { maxMembers: 3 })).toBe(true);
    deliver('many', { maxMembers: 2 });
    expect(bob.got).toEqual(['{"id":"few"}']);
  });

  test('delivers nothing about a subject after its end, whatever its source', () => {
    const about = (ends: boolean) => ({ about: { id: 'a message', ends } });
    expect(deliver('before', about(false))).toBe(true);
    expect(deliver('end', about(true))).toBe(true);
    expect(deliver('overtaken', about(false))).toBe(false);
    const late = { id: 'replayed', room: 'red', frame: {}, ...about(false) };
    expect(hub.replay(bob, late, true)).toBe(false);
    expect(deliver('another', { about: { id: 'another message', ends: false } })).toBe(true);
    expect(deliver('ended twice', about(true))).toBe(true);
    expect(bob.got.map((text) => JSON.parse(text).id)).toEqual([
      'before',
      'end',
      'another',
      'ended twice',
    ]);
  });

  test('knows its rooms, and forgets a room with its last member', () => {
    expect([...hub.rooms()]).toEqual(['red', 'blue']);
    expect(hub.roomsOf(ada)).toEqual(['red', 'blue']);
    expect(hub.members('red')).toEqual([ada, bob]);
    expect(hub.isIn(bob, 'blue')).toBe(false);
    expect(hub.hasUser('red', 'ada')).toBe(true);
    expect(hub.size).toBe(3);
    hub.leave(ada);
    expect(hub.isIn(ada, 'red')).toBe(false);
    expect(hub.hasUser('red', 'ada')).toBe(false);
    expect([...hub.rooms()]).toEqual(['red']);
    hub.leave(bob, ['red', 'never joined']);
    expect([...hub.rooms()]).toEqual([]);
    expect([hub.has('red'), hub.size]).toEqual([false, 0]);
  });

  test('takes repeated joining and leaving as one', () => {
    hub.join(ada, ['red']);
    deliver('1');
    expect(ada.got).toHaveLength(1);
    hub.leave(ada);
    hub.leave(ada);
    expect(hub.members('red')).toEqual([bob]);
  });
});

describe('a group of members', () => {
  let hub: Hub;
  let group: MemberGroup;
  let phone: TestMember;
  let laptop: TestMember;

  beforeEach(() => {
    hub = new Hub();
    group = new MemberGroup('ada');
    [phone, laptop] = [member('ada', 'phone'), member('ada', 'laptop')];
    hub.enterGroup(phone, group);
    hub.join(group, ['red', 'blue']);
    hub.enterGroup(laptop, group);
  });

  const frame = { type: 'chat' };

  test('hears its rooms, each member once', () => {
    hub.deliver({ id: '1', room: 'red', frame });
    hub.deliver({ id: '2', room: 'blue', frame, exceptSocket: 'phone' });
    hub.deliver({ id: '3', room: 'blue', frame, toUser: 'bob' });
    expect([phone.got.length, laptop.got.length]).toEqual([1, 2]);
  });

  test('is in its rooms with every member, and its user with it', () => {
    expect(hub.isIn(laptop, 'red')).toBe(true);
    expect(hub.isIn(laptop, 'green')).toBe(false);
    expect(hub.hasUser('blue', 'ada')).toBe(true);
    expect([hub.roomsOf(laptop), hub.roomsOf(group)]).toEqual([[], ['red', 'blue']]);
    expect([hub.roomCountOf(laptop), hub.roomCountOf(group)]).toEqual([0, 2]);
  });

  test('is left by one member alone', () => {
    hub.leaveGroup(phone);
    hub.deliver({ id: '1', room: 'red', frame });
    expect([phone.got.length, laptop.got.length]).toEqual([0, 1]);
    expect([hub.isIn(phone, 'red'), group.size]).toEqual([false, 1]);
  });

  test('repeats to a member what came before it entered, and nothing since', () => {
    hub.deliver({ id: 'before', room: 'red', frame });
    const tablet = member('ada', 'tablet');
    hub.enterGroup(tablet, group);
    hub.deliver({ id: 'since', room: 'red', frame });
    expect(hub.replay(tablet, { id: 'before', room: 'red', frame }, true)).toBe(true);
    expect(hub.replay(tablet, { id: 'since', room: 'red', frame }, true)).toBe(false);
    expect(hub.replay(phone, { id: 'before', room: 'red', frame }, true)).toBe(false);
    expect(hub.replay(phone, { id: 'before', room: 'green', frame }, true)).toBe(false);
  });
});

describe('what a hub remembers', () => {
  const frame = { type: 'chat' };
  let hub: Hub;
  let early: TestMember;
  let late: TestMember;

  beforeEach(() => {
    hub = new Hub();
    early = member('early');
    late = member('late');
    hub.join(early, ['red']);
    hub.deliver({ id: 'before', room: 'red', frame });
    hub.join(late, ['red']);
    hub.deliver({ id: 'since', room: 'red', frame });
  });

  test('tells a member what was delivered before it joined, and nothing twice', () => {
    expect(hub.replay(late, { id: 'before', room: 'red', frame }, true)).toBe(true);
    expect(hub.replay(late, { id: 'since', room: 'red', frame }, true)).toBe(false);
    expect([early.got.length, late.got.length]).toEqual([2, 2]);
  });

  test('gives the whole room what may still come by a different way, which then brings nothing', () => {
    hub.replay(late, { id: 'unknown', room: 'red', frame }, true);
    hub.deliver({ id: 'unknown', room: 'red', frame });
    expect([early.got.length, late.got.length]).toEqual([3, 2]);
  });

  test('gives old events only to the member that asks', () => {
    hub.replay(late, { id: 'old', room: 'red', frame }, false);
    expect([early.got.length, late.got.length]).toEqual([2, 2]);
  });

  test('replays nothing to members outside the room', () => {
    hub.leave(late);
    expect(hub.replay(late, { id: 'before', room: 'red', frame }, true)).toBe(false);
  });

  test('is forgotten when nothing can bring it again', () => {
    hub.forgetBefore(performance.now());
    hub.deliver({ id: 'since', room: 'red', frame });
    expect(late.got).toHaveLength(2);
  });
});

test('recent ids are forgotten by time', () => {
  const ids = new RecentIds(10);
  ids.add('a', 1);
  ids.add('b', 2);
  ids.add('a', 3);
  ids.forgetBefore(2);
  expect([ids.timeOf('a'), ids.timeOf('b'), ids.size]).toEqual([undefined, 2, 1]);
});

test('recent ids forget the oldest first', () => {
  const ids = new RecentIds(2);
  expect(['a', 'b', 'a', 'c', 'b', 'a'].map((id) => ids.add(id))).toEqual([
    true,
    true,
    false,
    true,
    false,
    true,
  ]);
});
