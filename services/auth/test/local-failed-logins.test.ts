import { describe, expect, it } from 'vitest';
import { LocalFailedLogins } from '../src/ports/local-failed-logins.ts';

const windowMs = 900_000;

function setUp(mostSubjects?: number) {
  const clock = { now: 1_000_000 };
  const options = mostSubjects === undefined ? {} : { mostSubjects };
  const logins = new LocalFailedLogins({ ...options, now: () => clock.now });
  const fail = async (subject: string, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) await logins.record(subject);
  };
  return { clock, logins, fail, locked: (subject: string) => logins.lockedForSeconds(subject) };
}

describe('failed logins counted in the process', () => {
  it('lock a subject at the fifth, for a window, and no other', async () => {
    const { clock, fail, locked } = setUp();
    await fail('a', 4);
    expect(await locked('a')).toBe(0);
    clock.now += windowMs - 1000;
    await fail('a', 1);
    expect(await locked('a')).toBe(900);
    expect(await locked('b')).toBe(0);
    clock.now += windowMs - 1;
    expect(await locked('a')).toBe(1);
    clock.now += 1;
    expect(await locked('a')).toBe(0);
  });

  it('count from the first failure of a window only', async () => {
    const { clock, fail, locked } = setUp();
    await fail('a', 4);
    clock.now += windowMs;
    await fail('a', 4);
    expect(await locked('a')).toBe(0);
    await fail('a', 1);
    expect(await locked('a')).toBe(900);
  });

  it('are forgotten after a success', async () => {
    const { logins, fail, locked } = setUp();
    await fail('a', 4);
    await logins.clear('a');
    await fail('a', 4);
    expect(await locked('a')).toBe(0);
  });

  it('are bounded: when it is full, further subjects share one count', async () => {
    const { fail, locked } = setUp(3);
    await fail('a', 1);
    await fail('b', 5);
    await fail('c', 1);
    for (const subject of ['d', 'e', 'f', 'g', 'h']) await fail(subject, 1);
    for (const subject of ['d', 'h', 'never seen']) expect(await locked(subject)).toBe(900);
    expect(await locked('a')).toBe(0);
    expect(await locked('b')).toBe(900);
    await fail('a', 4);
    expect(await locked('a')).toBe(900);
  });

  it('make room when others have ended', async () => {
    const { clock, fail, locked } = setUp(2);
    await fail('a', 5);
    await fail('b', 1);
    clock.now += windowMs;
    await fail('c', 5);
    expect(await locked('c')).toBe(900);
    expect(await locked('never seen')).toBe(0);
  });
});
