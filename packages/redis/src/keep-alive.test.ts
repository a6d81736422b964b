import { connect } from 'node:net';
import { connectedClient } from '@secureconnect/degraded-mode/ioredis/testing';
import { askRedis, testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { started } from '../test/opened.ts';
import { keepAlive } from './keep-alive.ts';

/** Three times the server's `timeout`, and its rounding. */
const watchedMs = 4000;

describe.concurrent('a server that ends idle connections after a second', () => {
  it.each([
    ['an idle process', async () => undefined],
    ['one that keeps only its commands busy', (ping: () => Promise<unknown>) => ping()],
  ])('is not an outage to %s, whose probes are ten seconds apart', async (_what, use) => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const { mode, connection } = redis;
    const seen: string[] = [];
    mode.availability.on('changed', (state) => seen.push(state));
    for (const client of [connection.commands, connection.subscriber]) {
      client.once('close', () => seen.push('closed'));
    }
    await askRedis(server.port, 'CONFIG SET timeout 1');
    const until = performance.now() + watchedMs;
    while (performance.now() < until) {
      await use(() => connection.commands.ping());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(seen).toEqual([]);
    // It is not the server that left its own setting alone.
    expect(await idleConnectionEnds(server.port)).toBe(true);
  });
});

it('an idle connection is pinged', async () => {
  await using server = await testRedis();
  await askRedis(server.port, 'CONFIG SET timeout 1');
  const client = await connectedClient(server.url);
  const closed = new Promise((resolve) => client.once('close', () => resolve('closed')));
  const stop = keepAlive(client);
  const waited = new Promise((resolve) => setTimeout(() => resolve('open'), watchedMs));
  expect(await Promise.race([closed, waited])).toBe('open');
  stop();
  expect(await closed).toBe('closed');
});

/** Whether a connection that says nothing is ended by the server. */
async function idleConnectionEnds(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  socket.resume();
  return new Promise((resolve, reject) => {
    socket.once('close', () => resolve(true));
    socket.once('error', reject);
  });
}
