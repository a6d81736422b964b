import { describe, expect, it } from 'vitest';
import type { DeliveredAlert, History, Operation, StoredRequest, StormMember } from '../history.ts';
import { alerts } from './alerts.ts';
import { madeUp, operation } from './made-up.ts';

const [first, second] = ['2026-01-01T12:00:00.000Z', '2026-01-01T12:05:00.000Z'];

function delivered(
  status: DeliveredAlert['status'],
  name: string,
  given: Partial<Operation> & { startsAt?: string } = {},
): Operation {
  const { startsAt = first, ...rest } = given;
  return operation({
    ...{
      name: 'deliver alerts',
      status: 202,
      facts: { alerts: [{ fingerprint: 'f', status, startsAt }] },
    },
    body: JSON.stringify({ status: 'created', remediationRequestName: name }),
    ...rest,
  });
}

/** Another alert, of the same storm. */
const other: DeliveredAlert = { fingerprint: 'g', status: 'firing', startsAt: first };

const stored = (name: string, isActive: boolean, firingTime = first): StoredRequest => ({
  ...{ fingerprint: 'f', name, isActive, firingTime, isStorm: false },
});

const judged = (operations: Operation[], requests: StoredRequest[]) =>
  alerts.judge(madeUp({ operations, requests }));

describe('an alert that was accepted', () => {
  it('has one request while it fires, the same in every reply, and none when it is over', () => {
    const fired = [delivered('firing', 'a'), delivered('firing', 'a', { startMs: 5 })];
    const over = delivered('resolved', 'a', { startMs: 20 });
    const again = delivered('firing', 'b', { startMs: 40, startsAt: second });
    expect(judged(fired, [stored('a', true)])).toEqual({
      ...{ broken: [], judged: 1, seen: '1 firings of 1 alerts, 0 in storms' },
    });
    expect(judged([...fired, over], [stored('a', false)]).broken).toEqual([]);
    const both = [stored('a', false), stored('b', true, second)];
    expect(judged([...fired, over, again], both).broken).toEqual([]);
  });

  it('must not lack one', () => {
    expect(judged([delivered('firing', 'a')], []).broken).toEqual([
      'f is firing by its last accepted delivery, and has 0 active',
      `f was accepted as firing at ${first}, and has no request`,
    ]);
    expect(judged([delivered('firing', 'a')], [stored('a', false)]).broken).toHaveLength(1);
  });

  it('must not have two, active or not', () => {
    const fired = [delivered('firing', 'a'), delivered('firing', 'b', { startMs: 5 })];
    const requests = [stored('a', true), stored('b', true)];
    expect(judged(fired, requests).broken).toEqual([
      'f has 2 active requests',
      `f has 2 requests for its firing at ${first}`,
      `f fired at ${first} and was given a and b`,
    ]);
    const closed = [stored('a', true), stored('b', false)];
    expect(judged([delivered('firing', 'a')], closed).broken).toHaveLength(1);
  });

  it('must not have one when it is over', () => {
    const over = [delivered('firing', 'a'), delivered('resolved', 'a', { startMs: 20 })];
    expect(judged(over, [stored('a', true)]).broken).toEqual([
      'f is resolved by its last accepted delivery, and has 1 active',
    ]);
  });

  it('may have one or none where its last delivery was never accepted', () => {
    const refused = delivered('resolved', '', { startMs: 20, status: 503, body: '' });
    for (const isActive of [true, false]) {
      const operations = [delivered('firing', 'a'), refused];
      expect(judged(operations, [stored('a', isActive)]).broken).toEqual([]);
    }
  });
});

describe('an alert of a storm that was accepted', () => {
  const storm = (name: string, isActive: boolean): StoredRequest => ({
    ...{ fingerprint: 'storm', name, isActive, firingTime: first, isStorm: true },
  });
  const member = (requestName: string, isActive: boolean, fingerprint = 'f'): StormMember => ({
    ...{ fingerprint, requestName, isActive, firingTime: first },
  });
  const broken = (history: Partial<History>) => alerts.judge(madeUp(history)).broken;

  const fired = [delivered('firing', 's'), delivered('firing', 's', { startMs: 5 })];
  const over = [...fired, delivered('resolved', 's', { startMs: 20 })];

  it('is a member of the request that its replies name, while it fires', () => {
    const history = madeUp({
      operations: fired,
      requests: [storm('s', true)],
      stormMembers: [member('s', true)],
    });
    expect(alerts.judge(history)).toEqual({
      ...{ broken: [], judged: 1, seen: '1 firings of 1 alerts, 1 in storms' },
    });
  });

  it('is none when it is over', () => {
    const closed = { requests: [storm('s', false)], stormMembers: [member('s', false)] };
    expect(broken({ operations: over, ...closed })).toEqual([]);
    const open = { requests: [storm('s', true)], stormMembers: [member('s', true)] };
    expect(broken({ operations: over, ...open })).toEqual([
      'f is resolved by its last accepted delivery, and has 1 active',
    ]);
  });

  it('must not be missing, though the request of the storm is there', () => {
    const operations = [
      ...fired,
      delivered('firing', 's', { facts: { alerts: [other] }, startMs: 5 }),
    ];
    const requests = [storm('s', true)];
    const missing = { operations, requests, stormMembers: [member('s', true)] };
    expect(broken(missing)).toEqual([
      'g is firing by its last accepted delivery, and has 0 active',
      `g was accepted as firing at ${first}, and has no request`,
    ]);
    const both = [member('s', true), member('s', true, 'g')];
    expect(broken({ operations, requests, stormMembers: both })).toEqual([]);
  });

  it('must not be in the request of another storm than its replies name', () => {
    const elsewhere = { requests: [storm('t', true)], stormMembers: [member('t', true)] };
    expect(broken({ operations: fired, ...elsewhere })).toEqual([
      `f was accepted as firing at ${first}, and has no request`,
    ]);
  });

  it('must not have a request of its own beside that, active or not', () => {
    const requests = [storm('s', true), stored('a', true)];
    const stormMembers = [member('s', true)];
    expect(broken({ operations: fired, requests, stormMembers })).toEqual([
      'f has 2 active requests',
      `f has 2 requests for its firing at ${first}`,
    ]);
    const closed = [storm('s', true), stored('a', false)];
    expect(broken({ operations: fired, requests: closed, stormMembers })).toEqual([
      `f has 2 requests for its firing at ${first}`,
    ]);
  });

  it('must not be in two storms', () => {
    const requests = [storm('s', true), { ...storm('t', true), fingerprint: 'another storm' }];
    const stormMembers = [member('s', true), member('t', true)];
    expect(broken({ operations: fired, requests, stormMembers })).toEqual([
      'f has 2 active requests',
      `f has 2 requests for its firing at ${first}`,
    ]);
  });

  it('has a storm that is active while one of its alerts is, and has one request', () => {
    const stormMembers = [member('s', true)];
    expect(broken({ operations: fired, requests: [storm('s', false)], stormMembers })).toEqual([
      's is closed, with 1 active members',
    ]);
    const left = { requests: [storm('s', true)], stormMembers: [member('s', false)] };
    expect(broken({ operations: over, ...left })).toEqual(['s is active, with 0 active members']);
    expect(broken({ operations: fired, requests: [], stormMembers })).toEqual([
      's has members, and is no request of a storm',
    ]);
    const twice = { requests: [storm('s', true), storm('t', true)], stormMembers };
    expect(broken({ operations: fired, ...twice })).toEqual([
      't is active, with 0 active members',
      'the storm storm has 2 active requests',
    ]);
  });
});

it('nothing is stored that nobody has delivered', () => {
  expect(judged([], [stored('a', false)]).broken).toEqual(['f was never delivered']);
});
