import { testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { clientOptions } from './client-options.ts';
import { PatientRedis } from './patient-redis.ts';

/** Blocks this process, as a large JSON would. */
function block(durationMs: number): void {
  const until = performance.now() + durationMs;
  while (performance.now() < until);
}

describe('a command time-out', () => {
  it('does not count while this process was blocked itself', async () => {
    await using server = await testRedis();
    const client = new PatientRedis(clientOptions({ kind: 'single', url: server.url }));
    await client.connect();
    const replies = [client.set('key', 'value'), client.get('key'), client.ping()];
    block(400);
    expect(await Promise.all(replies)).toEqual(['OK', 'value', 'PONG']);
    client.disconnect();
  });

  it('counts, once and with its message, if no reply comes', async () => {
    await using server = await testRedis();
    const client = new PatientRedis(clientOptions({ kind: 'single', url: server.url }));
    await client.connect();
    server.freeze();
    await expect(client.get('key')).rejects.toThrow('Command timed out');
    server.thaw();
    client.disconnect();
  });
});
