import { describe, expect, it } from 'vitest';
import { type HashClient, HashQueue, type HashRefusal } from '../src/hashing/hash-queue.ts';

interface Scene {
  readonly queue: HashQueue;
  /** The clients whose hash has begun, in order. */
  readonly begun: string[];
  readonly refusals: HashRefusal[];
  /** Asks for a hash; it ends with `endOne`. */
  ask(address: string, left?: AbortSignal): Promise<string>;
  /** Ends the hash that runs for longest, and lets what follows happen. */
  endOne(): Promise<void>;
}

function sceneOf(options: {
  maxRunning?: number;
  maxWaitMs?: number;
  firstHashMs?: number;
}): Scene {
  const begun: string[] = [];
  const refusals: HashRefusal[] = [];
  const running: (() => void)[] = [];
  const queue = new HashQueue({
    maxRunning: 1,
    maxWaitMs: 60_000,
    firstHashMs: 100,
    onRefused: (why) => refusals.push(why),
    ...options,
  });
  return {
    queue,
    begun,
    refusals,
    ask(address, left = new AbortController().signal) {
      const client: HashClient = { clientAddress: address, clientLeft: () => left };
      return queue.run(client, async () => {
        begun.push(address);
        await new Promise<void>((resolve) => running.push(resolve));
        return `hash for ${address}`;
      });
    },
    async endOne() {
      await turn();
      running.shift()?.();
      await turn();
    },
  };
}

/** Lets everything happen that can. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const [busy, another, third] = ['198.51.100.1', '198.51.100.2', '198.51.100.3'] as const;

describe('a queue for hashes', () => {
  it('runs no more than its maximum at a time, and gives each its result', async () => {
    const { queue, begun, ask, endOne } = sceneOf({ maxRunning: 2 });
    const results = Promise.all([ask(busy), ask(busy), ask(another)]);
    await turn();
    expect(begun).toHaveLength(2);
    expect(queue.waiting).toBe(1);
    for (const _ of [1, 2, 3]) await endOne();
    expect(await results).toEqual([busy, busy, another].map((address) => `hash for ${address}`));
    expect(queue.waiting).toBe(0);
  });

  it('lets clients take turns, whatever the order and number of their requests', async () => {
    const { begun, ask, endOne } = sceneOf({});
    const asked = [busy, busy, busy, busy, another, another, third].map((address) => ask(address));
    for (const _ of asked) await endOne();
    await Promise.all(asked);
    expect(begun).toEqual([busy, busy, another, third, busy, another, busy]);
  });

  it('takes the addresses of one IPv6 customer for one client', async () => {
    const { begun, ask, endOne } = sceneOf({});
    const asked = ['2001:db8::1', '2001:db8::2', '2001:db8::3', busy].map((address) =>
      ask(address),
    );
    for (const _ of asked) await endOne();
    await Promise.all(asked);
    expect(begun).toEqual(['2001:db8::1', '2001:db8::2', busy, '2001:db8::3']);
  });

  it('refuses a client that would wait too long, before a hash, and says when to retry', async () => {
    const { begun, refusals, ask, endOne } = sceneOf({ maxWaitMs: 3500, firstHashMs: 1000 });
    const asked = [ask(busy), ask(busy), ask(busy), ask(busy)];
    await expect(ask(busy)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      options: { retryAfterSeconds: 4 },
    });
    expect(refusals).toEqual(['queue_full']);
    // The turn of somebody else comes sooner.
    asked.push(ask(another));
    for (const _ of asked) await endOne();
    await Promise.all(asked);
    expect(begun).toEqual([busy, busy, another, busy, busy]);
  });

  it('estimates by how long hashes take now', async () => {
    const { refusals, ask, endOne } = sceneOf({ maxWaitMs: 500, firstHashMs: 1000 });
    const first = ask(busy);
    await expect(ask(busy)).rejects.toThrow('Too many passwords');
    await endOne();
    await first;
    // It took no time at all: by now a hash counts for less than 1000 ms.
    for (const _ of [1, 2, 3, 4]) {
      const next = ask(busy);
      await endOne();
      await next;
    }
    const [running, waiting] = [ask(busy), ask(busy)];
    await endOne();
    await endOne();
    await Promise.all([running, waiting]);
    expect(refusals).toEqual(['queue_full']);
  });

  it('refuses a client that has waited too long, although the estimate was better', async () => {
    const { queue, refusals, ask, endOne } = sceneOf({ maxWaitMs: 20, firstHashMs: 1 });
    const running = ask(busy);
    await expect(ask(busy)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect([refusals, queue.waiting]).toEqual([['waited_too_long'], 0]);
    await endOne();
    expect(await running).toBe(`hash for ${busy}`);
  });

  it('drops a client that has left, with its work', async () => {
    const { queue, begun, refusals, ask, endOne } = sceneOf({});
    const left = new AbortController();
    const running = ask(busy);
    const dropped = ask(another, left.signal);
    const waiting = ask(third);
    left.abort();
    await expect(dropped).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await expect(ask(another, left.signal)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect([refusals, queue.waiting]).toEqual([['client_left', 'client_left'], 1]);
    await endOne();
    await endOne();
    await Promise.all([running, waiting]);
    expect(begun).toEqual([busy, third]);
  });

  it('continues after a hash that failed', async () => {
    const { queue } = sceneOf({});
    const client: HashClient = {
      clientAddress: busy,
      clientLeft: () => new AbortController().signal,
    };
    const failing = queue.run(client, async () => {
      throw new Error('no hash');
    });
    const next = queue.run(client, async () => 'a hash');
    await expect(failing).rejects.toThrow('no hash');
    expect(await next).toBe('a hash');
  });
});
