import { expect, it } from 'vitest';
import { openRedis, redisMode } from '../packages/redis/src/index.ts';
import { createLogger } from '../packages/service/src/index.ts';
import { testRedis } from '../packages/testkit/src/index.ts';
import { sendSample } from './conformance/send-sample.ts';
import { tableRows } from './conformance/tables.ts';
import { bothWays } from './conformance/ways.ts';
import { createWorld } from './conformance/world.ts';
import { askRedis } from './support/ask-redis.ts';
import { openSocket } from './support/socket-client.ts';
import { startStack } from './support/stack.ts';

/** Every command that a process has sent which does nothing but probe. */
async function commandsOfTheProbe(): Promise<string[]> {
  await using redis = await testRedis();
  const config = {
    address: { kind: 'single', url: redis.url },
    keyPrefix: 'test:',
    fallbackEnabled: true,
    statelessAuth: false,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 5,
  } as const;
  const log = createLogger({ service: 'test', level: 'silent' });
  const connection = openRedis({ config, mode: redisMode('test', config), log });
  await connection.start();
  const stats = await askRedis(redis.port, 'INFO commandstats');
  await connection.close();
  return [...stats.matchAll(/^cmdstat_([^:]+):/gm)].flatMap(([, name]) => name ?? []);
}

it('a Redis user that may do what the probe does, and no more, is enough for every route', {
  timeout: 120_000,
}, async () => {
  const commands = await commandsOfTheProbe();
  expect(commands).toEqual(expect.arrayContaining(['evalsha', 'zadd', 'publish']));
  let port = 0;
  const rules = commands.map((command) => `+${command}`).join(' ');
  const wayToRedis = async (redis: { port: number }): Promise<string> => {
    port = redis.port;
    const user = `ACL SETUSER product on >pass ${rules} ~secureconnect:* resetchannels &secureconnect:*`;
    expect(await askRedis(port, user)).toBe('+OK\r\n');
    return `redis://product:pass@127.0.0.1:${port}`;
  };
  await using stack = await startStack({}, { wayToRedis });
  const world = createWorld(stack);
  using _socket = await openSocket(`${stack.urls.gateway}/v1/ws/chat`, (await world.user()).token);
  for (const { to, method, sample } of bothWays(tableRows())) {
    const reply = await sendSample(stack.urls[to], method, await sample.prepare(world));
    expect([method, reply.status, reply.degraded]).toEqual([method, sample.status, null]);
  }
  expect(await askRedis(port, 'ACL LOG')).toBe('*0\r\n');
});
