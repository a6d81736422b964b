import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallLimit } from './call-limit.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const forever = (): Promise<never> => new Promise(() => undefined);

/** What became of a call so far. */
function followed(call: Promise<unknown>): { outcome: string } {
  const seen = { outcome: 'waits' };
  call.then(
    (result) => {
      seen.outcome = `result: ${result}`;
    },
    (error: Error) => {
      seen.outcome = error.message;
    },
  );
  return seen;
}

async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await turn();
}

describe('the time limit of calls', () => {
  it('leaves results and errors as they are', async () => {
    const limit = new CallLimit(150);
    await expect(limit.around(Promise.resolve('found'))).resolves.toBe('found');
    await expect(limit.around(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  });

  it('settles with what is made of the result, the error or the lateness', async () => {
    const limit = new CallLimit(150);
    const through = (call: Promise<string>) =>
      followed(
        limit.through(
          call,
          (result) => `${result}!`,
          (error) => {
            const { message } = error as Error;
            if (message === 'fatal') throw new Error(`thrown: ${message}`);
            return Promise.resolve(`instead of: ${message}`);
          },
        ),
      );
    const calls = [
      through(Promise.resolve('found')),
      through(Promise.reject(new Error('lost'))),
      through(Promise.reject(new Error('fatal'))),
      through(forever()),
    ];
    await pass(150);
    expect(calls.map(({ outcome }) => outcome)).toEqual([
      'result: found!',
      'result: instead of: lost',
      'thrown: fatal',
      'result: instead of: a call of a port took longer than 150 ms',
    ]);
  });

  it('gives up what is left when calls end in any order', async () => {
    const limit = new CallLimit(150);
    const replies: ((text: string) => void)[] = [];
    const calls = Array.from({ length: 5 }, () =>
      followed(limit.around(new Promise<string>((resolve) => replies.push(resolve)))),
    );
    for (const at of [2, 0, 4]) replies[at]?.('there');
    await pass(149);
    const left = followed(limit.around(forever()));
    await pass(1);
    const late = 'a call of a port took longer than 150 ms';
    expect(calls.map(({ outcome }) => outcome)).toEqual(
      [0, 1, 2, 3, 4].map((at) => (at % 2 === 0 ? 'result: there' : late)),
    );
    expect(left.outcome).toBe('waits');
    await pass(149);
    expect(left.outcome).toBe(late);
  });

  it('gives each call up after its own time', async () => {
    const limit = new CallLimit(150);
    const first = followed(limit.around(forever()));
    await pass(100);
    const second = followed(limit.around(forever()));
    await pass(49);
    expect([first.outcome, second.outcome]).toEqual(['waits', 'waits']);
    const late = 'a call of a port took longer than 150 ms';
    await pass(1);
    expect([first.outcome, second.outcome]).toEqual([late, 'waits']);
    await pass(100);
    expect(second.outcome).toBe(late);
  });

  it('begins again after a pause, and ignores a reply that comes too late', async () => {
    const limit = new CallLimit(150);
    let reply: (text: string) => void = () => undefined;
    const slow = followed(
      limit.around(
        new Promise((resolve) => {
          reply = resolve;
        }),
      ),
    );
    await pass(150);
    reply('late');
    await pass(1000);
    expect(slow.outcome).toContain('150 ms');
    const next = followed(limit.around(forever()));
    await pass(149);
    expect(next.outcome).toBe('waits');
    await pass(1);
    expect(next.outcome).toContain('150 ms');
  });

  it('reads what has arrived before it counts a call as late', async () => {
    const limit = new CallLimit(150);
    let reply: (text: string) => void = () => undefined;
    const call = followed(
      limit.around(
        new Promise((resolve) => {
          reply = resolve;
        }),
      ),
    );
    vi.advanceTimersByTime(500);
    reply('there already');
    await turn();
    expect(call.outcome).toBe('result: there already');
  });
});
