import { openRedis, type RedisConfig, redisMode, slotOf } from '@secureconnect/redis';
import {
  type DocumentedUser,
  documentedPassword,
  documentedUsers,
} from '@secureconnect/redis/testing';
import { createLogger } from '@secureconnect/service';
import {
  eventually,
  redisClusterSkipReason,
  type TestRedis,
  type TestRedisCluster,
  testRedis,
  testRedisCluster,
} from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { expectEveryRowNormal } from './conformance/normal.ts';
import { createWorld } from './conformance/world.ts';
import { askRedis } from './support/ask-redis.ts';
import { untilGauges } from './support/gauges.ts';
import { openSocket } from './support/open-socket.ts';
import { type Stack, startStack } from './support/stack.ts';

const [ofServers, ofNodes] = documentedUsers();

/** Makes a documented user, without one of its commands where that is said. */
async function makeUser(
  { port }: { port: number },
  user: DocumentedUser,
  { name = user.name, without }: { name?: string; without?: string } = {},
): Promise<void> {
  const rules = user.rules.filter((rule) => rule !== `+${without}`);
  expect(await askRedis(port, `ACL SETUSER ${name} ${rules.join(' ')}`)).toBe('+OK\r\n');
}

/** A process that does nothing but probe, as this user; why it is degraded, if it is. */
async function probeAs(username: string, redis: TestRedis): Promise<string | undefined> {
  const config: RedisConfig = {
    address: {
      kind: 'single',
      url: redis.url,
      credentials: { username, password: documentedPassword },
    },
    keyPrefix: 'secureconnect:',
    fallbackEnabled: true,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 5,
  };
  const log = createLogger({ service: 'test', level: 'silent' });
  const mode = redisMode('test', config);
  const connection = openRedis({ config, mode, log });
  await connection.start();
  await connection.close();
  return mode.availability.reason;
}

/** The commands that a Redis has been sent, with subcommands: `cluster|info`. */
async function commandsOf(ports: readonly number[]): Promise<ReadonlySet<string>> {
  const stats = await Promise.all(ports.map((port) => askRedis(port, 'INFO commandstats')));
  return new Set(
    stats.flatMap((text) =>
      [...text.matchAll(/^cmdstat_([^:]+):/gm)].flatMap(([, name]) => name ?? []),
    ),
  );
}

/** Every row, and a socket beside them. */
async function everyRowIsNormal(stack: Stack): Promise<void> {
  const user = await createWorld(stack).user();
  using _socket = await openSocket(`${stack.urls.gateway}/v1/ws/chat`, user.token);
  await expectEveryRowNormal(stack);
}

describe('the documented Redis user', () => {
  it('is enough for every route', { timeout: 120_000 }, async () => {
    let port = 0;
    const wayToRedis = async (redis: TestRedis): Promise<string> => {
      port = redis.port;
      await makeUser(redis, ofServers);
      return `redis://${ofServers.name}:${documentedPassword}@127.0.0.1:${port}`;
    };
    await using stack = await startStack({}, { wayToRedis });
    await everyRowIsNormal(stack);
    expect(await askRedis(port, 'ACL LOG')).toBe('*0\r\n');
    const sent = await commandsOf([port]);
    expect(ofServers.commands.filter((command) => !sent.has(command))).toEqual([]);
  });

  it('needs each of its commands: without one of them the services are degraded', async () => {
    await using redis = await testRedis();
    await makeUser(redis, ofServers);
    expect(await probeAs(ofServers.name, redis)).toBeUndefined();
    const needless: string[] = [];
    for (const command of ofServers.commands) {
      await makeUser(redis, ofServers, { name: `without_${command}`, without: command });
      const reason = await probeAs(`without_${command}`, redis);
      if (!reason?.startsWith('NOPERM ')) needless.push(`${command}: ${reason}`);
    }
    expect(needless).toEqual([]);
  });
});

/** Traffic in slots that are moved, until the new master was asked for a key on its way. */
async function moveSlots(cluster: TestRedisCluster, stack: Stack): Promise<void> {
  const world = createWorld(stack);
  const user = await world.user();
  const to = await cluster.masterOf(0);
  const stop = new AbortController();
  const traffic = (async () => {
    while (!stop.signal.aborted) {
      const headers = { authorization: `Bearer ${user.token}` };
      const reply = await fetch(`${stack.urls.auth}/v1/users/me`, { headers });
      expect(reply.status).toBe(200);
      await reply.text();
    }
  })();
  const slot = slotOf(`secureconnect:blacklist:${sessionOf(user.token)}`);
  const from = await cluster.masterOf(slot);
  const there = from === to ? await cluster.masterOf(16_383) : to;
  await eventually(
    async () => {
      const [source, target] =
        (await cluster.masterOf(slot)) === from ? [from, there] : [there, from];
      await cluster.moveSlot(slot, target);
      expect((await commandsOf([source.port, target.port])).has('asking')).toBe(true);
    },
    { timeoutMs: 30_000, intervalMs: 0 },
  );
  stop.abort();
  await traffic;
}

function sessionOf(token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return String(JSON.parse(payload).sid);
}

describe.skipIf(redisClusterSkipReason)(
  `the documented user of a cluster${redisClusterSkipReason}`,
  () => {
    it('is enough for every route, a failover and moving slots, and uses all its rights', {
      timeout: 240_000,
    }, async () => {
      // In the configuration, so that it is there after a restart.
      const user = `user ${ofNodes.name} ${ofNodes.rules.join(' ')}`;
      await using cluster = await testRedisCluster({ settings: [user] });
      await using stack = await startStack({
        REDIS_URL: '',
        REDIS_CLUSTER: cluster.addresses,
        REDIS_USERNAME: ofNodes.name,
        REDIS_PASSWORD: documentedPassword,
      });
      await everyRowIsNormal(stack);
      const sent = new Set(await commandsOf(cluster.nodes.map(({ port }) => port)));
      const master = await cluster.masterOf(0);
      await master.kill();
      await untilGauges(stack, '1');
      await untilGauges(stack, '0');
      await master.restart();
      await cluster.inStep();
      await moveSlots(cluster, stack);
      await everyRowIsNormal(stack);
      for (const { port } of cluster.nodes) {
        expect(await askRedis(port, 'ACL LOG')).toBe('*0\r\n');
        for (const command of await commandsOf([port])) sent.add(command);
      }
      expect(ofNodes.commands.filter((command) => !sent.has(command))).toEqual([]);
    });
  },
);
