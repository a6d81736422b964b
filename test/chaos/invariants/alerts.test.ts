import { describe, expect, it } from 'vitest';
import type { DeliveredAlert, Operation, StoredRequest } from '../history.ts';
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

const stored = (name: string, isActive: boolean, firingTime = first): StoredRequest => ({
  ...{ fingerprint: 'f', name, isActive, firingTime },
});

const judged = (operations: Operation[], requests: StoredRequest[]) =>
  alerts.judge(madeUp({ operations, requests }));

describe('an alert that was accepted', () => {
  it('has one request while it fires, the same in every reply, and none when it is over', () => {
    const fired = [delivered('firing', 'a'), delivered('firing', 'a', { startMs: 5 })];
    const over = delivered('resolved', 'a', { startMs: 20 });
    const again = delivered('firing', 'b', { startMs: 40, startsAt: second });
    expect(judged(fired, [stored('a', true)])).toEqual({
      ...{ broken: [], seen: '1 firings of 1 alerts' },
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
