import {
  allRedisFaults,
  askRedis,
  certificatesSkipReason,
  eventually,
  FaultProxy,
  freePort,
  makeCertificates,
  proxyFaults,
  type TestRedis,
  testRedis,
  tlsSettings,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AvailabilityState,
  type DataChange,
  type DegradedMode,
  definePorts,
  failOpen,
  type Monitor,
  RowBinding,
} from '../../src/index.ts';
import type { SentinelAddress, SingleAddress } from '../../src/redis/address.ts';
import type { ConnectOptions } from '../../src/redis/connection.ts';
import { watchedRedis } from './sentinel.ts';
import { tlsOf } from './tls.ts';

/** What tests use of a client, whatever its library. */
export interface Commands {
  increment(key: string): Promise<number>;
  read(key: string): Promise<string | null>;
  /** Fails for a key that holds a text. */
  push(key: string): Promise<unknown>;
}

/** A connection of a library. */
export interface Connected {
  readonly mode: DegradedMode;
  readonly monitor: Monitor;
  readonly commands: Commands;
  close(): Promise<void>;
}

/** The options of a library without those that have its client. */
export interface ContractOptions
  extends Omit<ConnectOptions<unknown>, 'alsoProbe' | 'reconcilers' | 'keyPrefix'> {
  /** The prefix of the probe's key. */
  readonly prefix?: string;
  readonly alsoProbe?: (commands: Commands) => Promise<unknown>;
  /** Called with what each recovery is told. */
  readonly onChange?: (change: DataChange) => void;
}

export interface TestedLibrary<Address = string | SingleAddress> {
  connect(address: Address, options: ContractOptions): Promise<Connected>;
  redisFailed(error: unknown): boolean;
}

/** The pace of tests: outages follow one another. */
export const pace = {
  service: 'test',
  healthCheckIntervalSeconds: 0.2,
  timing: { probeIntervalMs: 50 },
  thresholds: { flapWindowMs: 0 },
} satisfies ContractOptions;

/** A call of a port whose fallback is local: who answered it. */
export function countVia(
  { mode, commands }: Pick<Connected, 'mode'> & { readonly commands: Pick<Commands, 'increment'> },
  key = 'visits',
): Promise<string> {
  const ports = definePorts({
    visits: {
      redis: { count: async () => `redis ${await commands.increment(key)}` },
      local: { count: async () => 'local' },
    },
  });
  const row = {
    route: 'GET /visits',
    operation: 'visit',
    whenRedisDown: { visits: failOpen.local() },
  };
  const binding = new RowBinding<typeof ports, typeof row.whenRedisDown>(row, ports, mode);
  return binding.begin().ports.visits.count();
}

/** Resolves when Redis answers such a call; on a busy machine one may be given up. */
export async function untilCounted(
  connected: Parameters<typeof countVia>[0],
  key?: string,
): Promise<void> {
  await eventually(async () => expect(await countVia(connected, key)).toMatch(/^redis /));
}

/** Resolves when the flag has this state. */
export async function untilState(
  { mode }: Pick<Connected, 'mode'>,
  state: AvailabilityState,
): Promise<void> {
  const { availability } = mode;
  while (availability.state !== state) {
    await new Promise((resolve) => availability.once('changed', resolve));
  }
}

const faultsOfNetwork = [
  'refused',
  'black hole',
  'slow (200 ms)',
  'reset mid-reply',
  'half a reply',
  'READONLY',
  'LOADING',
  'OOM',
  'NOAUTH',
].map((name) => proxyFaults.find((fault) => fault.name === name) ?? expect.unreachable(name));

const changes: Readonly<Record<string, DataChange>> = {
  'killed and restarted with its data': 'restarted',
  'frozen and thawed': 'sameData',
  'killed and restarted empty': 'empty',
  'rolled back to an older copy': 'rolledBack',
};

/** What `connect` of every library must do alike, on one server. */
export function itKeepsTheContract(name: string, library: TestedLibrary): void {
  describe(`${name}: one server`, () => {
    let server: TestRedis;
    let proxy: FaultProxy;
    let connected: Connected;
    let probes = 0;
    const seen: DataChange[] = [];

    beforeAll(async () => {
      server = await testRedis();
      proxy = await FaultProxy.start(server.port);
      connected = await library.connect(proxy.url, {
        ...pace,
        alsoProbe: async (commands) => {
          await commands.increment('probe');
          probes += 1;
        },
        onChange: (change) => seen.push(change),
      });
      await untilState(connected, 'available');
    });
    afterAll(async () => {
      await connected.close();
      await proxy.close();
      await server.close();
    });

    it('is up at once', async () => {
      expect(seen[0]).toBe('firstContact');
      await untilCounted(connected);
    });

    it.each(faultsOfNetwork)(
      '$name: the first call gets its fallback, then all do until it is over',
      async (fault) => {
        await fault.begin(proxy);
        expect(await countVia(connected)).toBe('local');
        await untilState(connected, 'unavailable');
        expect(await countVia(connected)).toBe('local');
        await fault.end(proxy);
        await untilState(connected, 'available');
        await untilCounted(connected);
      },
    );

    it.each(allRedisFaults)('$name: recovery knows what happened to the data', async (fault) => {
      await fault.prepare?.(server);
      const recoveries = seen.length;
      const earlier = probes;
      while (probes < earlier + 2) await new Promise((resolve) => setImmediate(resolve));
      await fault.begin(server);
      expect(await countVia(connected)).toBe('local');
      await untilState(connected, 'unavailable');
      await fault.end(server);
      await untilState(connected, 'available');
      expect(seen.slice(recoveries)).toContain(changes[fault.name]);
    });

    it('a command that an ACL denies is an outage if the probe tries it', async () => {
      await askRedis(server.port, 'ACL SETUSER default -incr');
      await untilState(connected, 'unavailable');
      expect(connected.mode.availability.reason).toMatch(/^NOPERM/);
      await askRedis(server.port, 'ACL SETUSER default +incr');
      await untilState(connected, 'available');
    });

    it('a server that becomes a replica is an outage', async () => {
      await askRedis(server.port, 'REPLICAOF 127.0.0.1 1');
      await untilState(connected, 'unavailable');
      expect(connected.mode.availability.reason).toMatch(/^READONLY/);
      await askRedis(server.port, 'REPLICAOF NO ONE');
      await untilState(connected, 'available');
    });

    it('commands outside of ports are rejected while Redis does not answer, and never sent later', async () => {
      const { commands } = connected;
      server.freeze();
      const error: unknown = await commands.read('visits').catch((cause: unknown) => cause);
      expect(library.redisFailed(error)).toBe(true);
      server.thaw();
      await untilState(connected, 'available');
      await proxy.setMode({ kind: 'refused' });
      await untilState(connected, 'unavailable');
      const late = await Promise.allSettled([1, 2, 3].map(() => commands.increment('late')));
      await proxy.setMode({ kind: 'pass' });
      await untilState(connected, 'available');
      expect(
        late.map((one) => one.status === 'rejected' && library.redisFailed(one.reason)),
      ).toEqual([true, true, true]);
      expect(await commands.read('late')).toBeNull();
    });

    it('a mistake of the caller is none of Redis', async () => {
      const { commands, mode } = connected;
      await eventually(() => commands.increment('text'));
      await eventually(async () => {
        const error: unknown = await commands.push('text').catch((cause: unknown) => cause);
        const { state } = mode.availability;
        expect(mode.reportError(error)).toMatchObject({ severity: 'bug' });
        expect(mode.availability.state).toBe(state);
        expect(library.redisFailed(error)).toBe(false);
      });
    });

    it('an error of a database is none of Redis, whatever it says', () => {
      const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      for (const error of [
        refused,
        new Error('Socket closed unexpectedly'),
        new Error('READONLY no'),
        'no',
        undefined,
      ]) {
        expect(connected.mode.reportError(error)).toBeUndefined();
        expect(library.redisFailed(error)).toBe(false);
      }
    });

    it('a user, a password, a database and a prefix are used', async () => {
      await askRedis(
        server.port,
        'ACL SETUSER shop on >secret resetkeys ~shop:* -@all +incr +get +set +ping +select',
      );
      const url = `redis://127.0.0.1:${server.port}/2`;
      const credentials = { username: 'shop', password: 'secret' };
      const shop = await library.connect(
        { kind: 'single', url, credentials },
        { ...pace, prefix: 'shop:' },
      );
      await untilState(shop, 'available');
      await eventually(() => shop.commands.increment('shop:n'));
      await shop.close();
      expect(await connected.commands.read('shop:n')).toBeNull();
      const wrong = await library.connect(`redis://shop:wrong@127.0.0.1:${server.port}`, pace);
      expect(wrong.mode.availability).toMatchObject({
        state: 'unavailable',
        reason: expect.stringMatching(/^WRONGPASS/),
      });
      await wrong.close();
    });

    it.skipIf(certificatesSkipReason)(
      `speaks TLS with a server that it can trust${certificatesSkipReason}`,
      async () => {
        await using files = await makeCertificates();
        const port = await freePort();
        await using _server = await testRedis({ settings: tlsSettings(files, port) });
        const over = (ca: string): SingleAddress => ({
          kind: 'single',
          url: `rediss://127.0.0.1:${port}`,
          tls: tlsOf(ca, files.client),
        });
        const trusting = await library.connect(over(files.ca), pace);
        await untilState(trusting, 'available');
        await untilCounted(trusting);
        const other = await library.connect(over(files.otherCa), pace);
        await untilState(other, 'unavailable');
        expect(other.mode.availability.reason).toBe('SELF_SIGNED_CERT_IN_CHAIN');
        await Promise.all([trusting.close(), other.close()]);
      },
    );

    it('starts degraded while Redis is down, and recovers; closed, it leaves nothing', async () => {
      await proxy.setMode({ kind: 'blackHole' });
      const late = await library.connect(proxy.url, pace);
      expect(late.mode.isAvailable()).toBe(false);
      expect(await countVia(late)).toBe('local');
      const closedEarly = await library.connect(proxy.url, pace);
      await closedEarly.close();
      await proxy.setMode({ kind: 'pass' });
      await untilState(late, 'available');
      await Promise.all([late.close(), connected.close()]);
      await proxy.close();
      const clients = await askRedis(server.port, 'CLIENT LIST');
      expect(clients.match(/^id=/gm)).toHaveLength(1);
    });
  });
}

/** What a connection through sentinels must do alike. */
export function itFollowsSentinels(name: string, library: TestedLibrary<SentinelAddress>): void {
  describe(`${name}: a master with sentinels`, () => {
    it('is followed to the replica that replaces it, with its user and database', async () => {
      await using watched = await watchedRedis();
      for (const { port } of [watched.master, watched.replica]) {
        await askRedis(port, 'ACL SETUSER shop on >secret ~* +@all');
      }
      const changes: DataChange[] = [];
      const connected = await library.connect(
        { ...watched.address, database: 2, credentials: { username: 'shop', password: 'secret' } },
        { ...pace, onChange: (change) => changes.push(change) },
      );
      await untilState(connected, 'available');
      await untilCounted(connected);
      await eventually(async () => {
        expect(await askRedis(watched.replica.port, 'INFO keyspace')).toContain('db2:keys=2,');
      });
      await watched.master.kill();
      expect(await countVia(connected)).toBe('local');
      await untilState(connected, 'unavailable');
      await untilState(connected, 'available');
      // The replica may lack the last writes.
      expect(changes.slice(1)).toContainEqual(expect.stringMatching(/^(restarted|rolledBack)$/));
      await untilCounted(connected);
      await connected.close();
    });

    it('is looked for without end, also at boot', async () => {
      const sentinels = [{ host: '127.0.0.1', port: await freePort() }];
      const address: SentinelAddress = { kind: 'sentinel', sentinels, masterName: 'mymaster' };
      const connected = await library.connect(address, pace);
      await untilState(connected, 'unavailable');
      expect(connected.mode.availability.reason).toBe('sentinels: ECONNREFUSED');
      await connected.close();
    });
  });
}
