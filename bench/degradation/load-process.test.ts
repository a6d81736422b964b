import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { localServer } from './local-server.ts';
import { RunningLoad } from './running.ts';

const answer = (reply: ServerResponse) => reply.end('{"source":"redis"}');

describe('the open loop', () => {
  it('sends by the clock while nobody answers, and counts from when each was due', async () => {
    const [stalls, intervalMs] = [40, 4];
    const waiting: ServerResponse[] = [];
    const stalled = Promise.withResolvers<void>();
    let isOpen = false;
    await using server = await localServer((_request, reply) => {
      if (isOpen) answer(reply);
      else if (waiting.push(reply) === stalls) stalled.resolve();
    });
    const { port } = server;
    await using load = new RunningLoad({ kind: 'open', port, ratePerSecond: 1000 / intervalMs });
    await stalled.promise;
    isOpen = true;
    waiting.forEach(answer);

    const samples = (await load.stop()).toSorted((a, b) => a.dueMs - b.dueMs);
    const [first] = samples;
    for (const [index, { dueMs, latencyMs }] of samples.slice(0, stalls).entries()) {
      expect(dueMs - (first?.dueMs ?? 0)).toBeCloseTo(index * intervalMs, 1);
      // None of them was answered before the last one was due.
      expect(latencyMs).toBeGreaterThan((stalls - 1 - index) * intervalMs - 1);
    }
    expect(samples.every(({ outcome }) => outcome === 'redis')).toBe(true);
  });
});

describe('the closed loop', () => {
  it('keeps as many requests under way as it has clients, and never more', async () => {
    const clients = 3;
    let [underWay, most, answered] = [0, 0, 0];
    const enough = Promise.withResolvers<void>();
    await using server = await localServer((_request, reply) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setImmediate(() => {
        underWay -= 1;
        answered += 1;
        answer(reply);
        if (answered >= 60 && most >= clients) enough.resolve();
      });
    });
    await using load = new RunningLoad({ kind: 'closed', port: server.port, clients });
    await enough.promise;
    const samples = await load.stop();
    expect(most).toBe(clients);
    expect(samples).toHaveLength(answered);
  });
});
