import { setImmediate } from 'node:timers/promises';
import { slotOf } from '@secureconnect/degraded-mode/ioredis/parts';
import {
  eventually,
  FaultProxy,
  redisClusterSkipReason,
  type TestRedisCluster,
  testRedisCluster,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Opened,
  startedDegradedOnCluster,
  startedOnCluster,
  untilState,
} from '../test/opened.ts';
import type { RedisConnection } from './connection.ts';

const entered = 'Redis entered degraded mode';
const roomsCount = 40;
const keysCount = 100;

/** Does something over and over until the end of the scope, which rejects with what went wrong. */
function busyWith(act: () => Promise<unknown>): AsyncDisposable {
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await act();
      await setImmediate(); // what is refused at once takes no turn of the event loop
    }
  })();
  loop.catch(() => undefined); // it is looked at in the end
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await loop;
    },
  };
}

describe.skipIf(redisClusterSkipReason)(
  `a cluster${redisClusterSkipReason}`,
  { timeout: 60_000 },
  () => {
    let cluster: TestRedisCluster;
    beforeAll(async () => {
      cluster = await testRedisCluster();
    });
    beforeEach(() => cluster.inStep());
    afterAll(() => cluster[Symbol.asyncDispose]());

    /** A process that listens to rooms at every master. */
    async function listener() {
      const redis = await startedOnCluster(cluster);
      const { keyspace } = redis.connection.commands;
      const rooms = Array.from({ length: roomsCount }, (_, n) => keyspace.channel('chat', `${n}`));
      const heard: string[] = [];
      redis.connection.subscriber.on('message', (channel, text) => {
        if (keyspace.isChannelOf('chat', channel)) heard.push(`${channel} ${text}`);
      });
      await redis.connection.subscriber.subscribe(...rooms);
      return Object.assign(redis, { rooms, heard });
    }

    type Listener = Awaited<ReturnType<typeof listener>>;

    /** What a process publishes in each room, the other hears once. */
    async function hears({ rooms, heard }: Listener, from: Opened<RedisConnection>): Promise<void> {
      heard.length = 0;
      const text = String(performance.now());
      await Promise.all(rooms.map((room) => from.connection.commands.publish(room, text)));
      const all = rooms.map((room) => `${room} ${text}`).sort();
      await eventually(() => expect([...heard].sort()).toEqual(all));
    }

    /** The same, once channels are where their slots have moved to. */
    const hearsSoon = (...both: Parameters<typeof hears>) =>
      eventually(() => hears(...both), { timeoutMs: 15_000 });

    const keys = Array.from({ length: keysCount }, (_, n) => `key:${n}`);
    const write = ({ connection: { commands } }: Opened<RedisConnection>) =>
      Promise.all(keys.map((key) => commands.set(key, key)));
    const read = ({ connection: { commands } }: Opened<RedisConnection>) =>
      Promise.all(keys.map((key) => commands.get(key)));

    it('is one Redis: keys and channels are where their slots are', async () => {
      await using one = await listener();
      await using other = await startedOnCluster(cluster);
      expect([one.mode.isAvailable(), one.lines(entered)]).toEqual([true, []]);
      expect(one.dataChanges).toEqual(['firstContact']);
      await write(one);
      expect(await read(other)).toEqual(keys);
      await hears(one, other);
      const [gone = '', ...kept] = one.rooms;
      await one.connection.subscriber.unsubscribe(gone);
      one.heard.length = 0;
      await Promise.all(one.rooms.map((room) => other.connection.commands.publish(room, 'text')));
      await eventually(() => expect(one.heard).toHaveLength(kept.length));
      expect(one.heard.some((line) => line.startsWith(gone))).toBe(false);
    });

    it('is down with a master that is killed, and back with its replica, data and channels', async () => {
      await using one = await listener();
      await using other = await startedOnCluster(cluster);
      await write(one);
      const master = await cluster.masterOf(0);
      await master.kill();
      await untilState(one.mode, 'unavailable');
      expect(one.lines(entered)).toEqual([{ reason: `closed at 127.0.0.1:${master.port}` }]);
      await Promise.all([one, other].map(({ mode }) => untilState(mode, 'available')));
      expect(one.dataChanges).toEqual(['firstContact', 'restarted']);
      expect(await read(other)).toEqual(keys);
      await hears(one, other);
      await master.restart();
      await cluster.inStep();
      expect(one.mode.isAvailable()).toBe(true);
      await hears(one, other);
    });

    it('is down with a master that is frozen, however busy the others are', async () => {
      await using redis = await startedOnCluster(cluster);
      const { commands } = redis.connection;
      const master = await cluster.masterOf(0);
      const isThere = await cluster.serves(master);
      const elsewhere = keys.filter((key) => !isThere(slotOf(key)));
      expect(elsewhere.length).toBeGreaterThan(keysCount / 3);
      await using _busy = busyWith(() =>
        Promise.allSettled(elsewhere.map((key) => commands.get(key))),
      );
      const startedAt = performance.now();
      master.freeze();
      await untilState(redis.mode, 'unavailable');
      // Long before the next full probe, which is due after ten seconds.
      expect(performance.now() - startedAt).toBeLessThan(3000);
      expect(redis.lines(entered)).toEqual([{ reason: `timed out at 127.0.0.1:${master.port}` }]);
      await untilState(redis.mode, 'available');
      master.thaw();
    });

    it('may move slots with their keys to a different master, while it is used', async () => {
      await using one = await listener();
      await using other = await startedOnCluster(cluster);
      await write(one);
      const to = await cluster.masterOf(16_383);
      const isThere = await cluster.serves(to);
      const moved = [...one.rooms, ...keys].map(slotOf);
      const slots = [...new Set(moved)].filter((slot) => !isThere(slot)).slice(0, 12);
      {
        await using _busy = busyWith(async () => expect(await read(other)).toEqual(keys));
        for (const slot of slots) await cluster.moveSlot(slot, to);
      }
      await hearsSoon(one, other);
      for (const { lines } of [one, other]) expect(lines(entered)).toEqual([]);
    });

    it('may make a replica the master, while it is used', async () => {
      await using one = await listener();
      await using other = await startedOnCluster(cluster);
      await write(one);
      const [replica] = await cluster.replicasOf(await cluster.masterOf(0));
      if (replica === undefined) throw new Error('the master has no replica');
      await cluster.ask(replica, 'cluster', 'failover');
      await eventually(async () => expect(await cluster.masterOf(0)).toBe(replica));
      await hearsSoon(one, other);
      expect(await read(other)).toEqual(keys);
    });

    it('is down while one master refuses one command, whatever the others do', async () => {
      await using redis = await startedOnCluster(cluster, {}, { healthCheckIntervalSeconds: 1 });
      const master = await cluster.masterOf(0);
      await cluster.ask(master, 'acl', 'setuser', 'default', '-hincrby');
      await untilState(redis.mode, 'unavailable');
      expect(redis.lines(entered)).toEqual([{ reason: 'NOPERM evalsha' }]);
      await cluster.ask(master, 'acl', 'setuser', 'default', '+hincrby');
      await untilState(redis.mode, 'available');
    });

    it('may refuse what ioredis asks while a slot moves; one command fails', async () => {
      await using redis = await startedOnCluster(cluster);
      const { commands } = redis.connection;
      const slot = slotOf('key:1');
      const from = await cluster.masterOf(slot);
      const to =
        from === (await cluster.masterOf(0))
          ? await cluster.masterOf(16_383)
          : await cluster.masterOf(0);
      await commands.set('key:1', 'value');
      await cluster.ask(to, 'acl', 'setuser', 'default', '-asking');
      const finish = await cluster.beginMove(slot, to);
      // Not: an unhandled rejection, which would end the process.
      await expect(commands.get('key:1')).rejects.toThrow(
        /^(Too many Cluster redirections|Command timed out)/,
      );
      await cluster.ask(to, 'acl', 'setuser', 'default', '+asking');
      expect(await commands.get('key:1')).toBe('value');
      await finish();
      expect(await commands.get('key:1')).toBe('value');
    });

    it('is down while one slot is not served', async () => {
      await using redis = await startedOnCluster(cluster, {}, { healthCheckIntervalSeconds: 1 });
      const all = (...words: string[]) =>
        Promise.all(cluster.nodes.map((node) => cluster.ask(node, ...words)));
      await all('config', 'set', 'cluster-require-full-coverage', 'no');
      const master = await cluster.masterOf(16_000);
      await all('cluster', 'delslots', '16000');
      await untilState(redis.mode, 'unavailable');
      expect(redis.lines(entered)).toEqual([{ reason: 'CLUSTERDOWN cluster' }]);
      await cluster.ask(master, 'cluster', 'addslots', '16000');
      await untilState(redis.mode, 'available');
      await all('config', 'set', 'cluster-require-full-coverage', 'yes');
    });

    it('that has lost the data of one master is distinguished from one that has not', async () => {
      await using redis = await startedOnCluster(cluster);
      const master = await cluster.masterOf(0);
      await cluster.ask(master, 'flushall');
      await cluster.ask(master, 'client', 'kill', 'type', 'pubsub');
      await untilState(redis.mode, 'unavailable');
      await untilState(redis.mode, 'available');
      expect(redis.dataChanges).toEqual(['firstContact', 'empty']);
    });

    it('is reached by a map if its nodes name one another by other addresses', async () => {
      await using parts = new AsyncDisposableStack();
      const proxies = new Map<string, FaultProxy>();
      for (const { port } of cluster.nodes) {
        proxies.set(`127.0.0.1:${port}`, parts.use(await FaultProxy.start(port)));
      }
      const natMap = Object.fromEntries(
        [...proxies].map(([name, { port }]) => [name, { host: '127.0.0.1', port }]),
      );
      const addresses = [...proxies.values()].map(({ port }) => `127.0.0.1:${port}`).join(',');
      await using redis = await startedOnCluster({ addresses }, { natMap });
      await using other = await startedOnCluster(cluster);
      const master = await cluster.masterOf(0);
      await write(redis);
      await master.kill();
      await untilState(redis.mode, 'unavailable');
      const { port } = proxies.get(`127.0.0.1:${master.port}`) ?? master;
      expect(redis.lines(entered)).toEqual([
        { reason: expect.stringContaining(`127.0.0.1:${port}`) },
      ]);
      await untilState(redis.mode, 'available');
      expect(await read(redis)).toEqual(keys);
      await untilState(other.mode, 'available');
      expect(await read(other)).toEqual(keys);
      await master.restart();
    });

    it('may be down as a whole, at boot and later', async () => {
      await Promise.all(cluster.nodes.map((node) => node.stop()));
      await using redis = await startedDegradedOnCluster(cluster);
      expect(redis.lines(entered)).toEqual([
        { reason: expect.stringMatching(/^ECONNREFUSED at 127\.0\.0\.1:/) },
      ]);
      for (const time of [1, 2]) {
        await Promise.all(cluster.nodes.map((node) => node.restart()));
        await untilState(redis.mode, 'available');
        expect(redis.lines('Redis recovered from degraded mode')).toHaveLength(time);
        await Promise.all(cluster.nodes.map((node) => node.kill()));
        await untilState(redis.mode, 'unavailable');
      }
      await Promise.all(cluster.nodes.map((node) => node.restart()));
    });
  },
);
