import { classify } from '@secureconnect/degraded-mode/ioredis';
import { testRedis } from '@secureconnect/testkit';
import { describe, expect, it, vi } from 'vitest';
import { createClient } from './client.ts';

async function connected() {
  const server = await testRedis();
  const client = createClient({ kind: 'single', url: server.url }, 'test:');
  client.on('error', () => undefined); // what is looked at here is what commands say
  await client.connect();
  const parts = new AsyncDisposableStack();
  parts.use(server);
  parts.defer(() => client.disconnect());
  return { client, server, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

describe('the commands of one turn', () => {
  it('are one write when it ends, and each is answered in its order', async () => {
    await using redis = await connected();
    const { client } = redis;
    const before = client.stream.bytesWritten;
    const writes = [vi.spyOn(client.stream, '_write'), vi.spyOn(client.stream, '_writev')];
    const replies = [client.set('key', 'one'), client.get('key'), client.incr('other')];
    expect(client.stream.bytesWritten).toBe(before);
    expect(await Promise.all(replies)).toEqual(['OK', 'one', 1]);
    expect(writes.map(({ mock }) => mock.calls.length)).toEqual([0, 1]);
  });

  it('do not fail with one that the server refuses', async () => {
    await using redis = await connected();
    const { client } = redis;
    await client.set('text', 'abc');
    const replies = await Promise.allSettled([
      client.get('text'),
      client.hget('text', 'field'),
      client.get('text'),
    ]);
    expect(replies.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('are each rejected as an error of Redis if the connection ends before it', async () => {
    await using redis = await connected();
    const { client } = redis;
    const replies = Promise.allSettled([client.get('one'), client.get('two')]);
    client.disconnect();
    for (const reply of await replies) {
      const reason = reply.status === 'rejected' ? reply.reason : undefined;
      expect(classify(reason)).toMatchObject({ severity: 'hard' });
    }
  });

  it('include those that are sent at its end', async () => {
    await using redis = await connected();
    const { client } = redis;
    const writev = vi.spyOn(client.stream, '_writev');
    const first = client.set('key', 'one');
    const late = new Promise((resolve) => {
      client.atEndOfTurn(() => resolve(client.get('key')));
    });
    expect([await first, await late]).toEqual(['OK', 'one']);
    expect(writev).toHaveBeenCalledTimes(1);
  });
});
