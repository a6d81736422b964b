import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Certificates,
  eventually,
  freePort,
  type TestRedis,
  testRedis,
  tlsSettings,
} from '@secureconnect/testkit';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import type { SentinelAddress } from '../../src/redis/address.ts';
import { tlsOf } from './tls.ts';

const masterName = 'mymaster';

/** A server, and the port by which its sentinel names it. */
type WatchedServer = TestRedis & { readonly clientPort: number };

export interface Watched extends AsyncDisposable {
  readonly address: SentinelAddress;
  /** The server that was the master at first, and its replica. */
  readonly master: WatchedServer;
  readonly replica: WatchedServer;
  /** Promotes the replica as an operator would, with both servers up. */
  failOver(): Promise<void>;
  /** What the sentinel answers its operator. */
  askSentinel(name: string, ...values: readonly string[]): Promise<unknown>;
}

export interface WatchedOptions {
  /** Servers and sentinel speak TLS, with these; the servers also without, for the test itself. */
  readonly certificates?: Certificates;
  /** The sentinel asks its clients for no TLS all the same. */
  readonly plainSentinel?: true;
  /** Further lines of the sentinel's configuration. */
  readonly sentinelSettings?: readonly string[];
  /** The password of the sentinel's user `default`. */
  readonly sentinelPassword?: string;
}

/** A master with a replica, and a sentinel that watches them. */
export async function watchedRedis(options: WatchedOptions = {}): Promise<Watched> {
  const cleanUp = new AsyncDisposableStack();
  const { certificates, sentinelPassword, plainSentinel } = options;
  const master = cleanUp.use(await watchedServer(certificates));
  const replica = cleanUp.use(await watchedServer(certificates));
  const onMaster = new Redis(master.url);
  await onMaster.config('SET', 'repl-diskless-sync-delay', '0');
  onMaster.disconnect();
  const onReplica = cleanUp.adopt(new Redis(replica.url), (client) => client.disconnect());
  await onReplica.replicaof('127.0.0.1', master.clientPort);
  await eventually(async () => {
    if (!(await onReplica.info('replication')).includes('master_link_status:up')) {
      throw new Error('not in step yet');
    }
  });
  const port = await startSentinel(master.clientPort, options, cleanUp);
  const tls =
    certificates === undefined || plainSentinel
      ? {}
      : { tls: tlsOf(certificates.ca, certificates.client) };
  const access = sentinelPassword === undefined ? {} : { password: sentinelPassword };
  const sentinel = cleanUp.adopt(new Redis({ port, ...tls, ...access }), (client) =>
    client.disconnect(),
  );
  sentinel.on('error', () => undefined); // it is not up yet
  await eventually(async () => {
    const known = await sentinel.call('SENTINEL', 'REPLICAS', masterName);
    if (!Array.isArray(known) || known.length !== 1)
      throw new Error('the replica is not known yet');
  });
  return {
    address: { kind: 'sentinel', sentinels: [{ host: '127.0.0.1', port }], masterName },
    master,
    replica,
    async failOver() {
      // Refused until the sentinel knows the replica well enough.
      await eventually(() => sentinel.call('SENTINEL', 'FAILOVER', masterName), {
        timeoutMs: 15_000,
      });
    },
    askSentinel: (name, ...values) => sentinel.call(name, ...values),
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

async function watchedServer(certificates: Certificates | undefined): Promise<WatchedServer> {
  if (certificates === undefined) {
    const server = await testRedis();
    return Object.assign(server, { clientPort: server.port });
  }
  const clientPort = await freePort();
  const settings = [...tlsSettings(certificates, clientPort), 'tls-replication yes'];
  return Object.assign(await testRedis({ settings }), { clientPort });
}

async function startSentinel(
  masterPort: number,
  { certificates, plainSentinel, sentinelPassword, sentinelSettings = [] }: WatchedOptions,
  cleanUp: AsyncDisposableStack,
): Promise<number> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-sentinel-'));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'sentinel.conf');
  const lines = [
    'bind 127.0.0.1',
    ...(certificates === undefined ? [] : tlsSettings(certificates, plainSentinel ? 0 : port)),
    ...(certificates === undefined ? [] : ['tls-replication yes']),
    `port ${certificates === undefined || plainSentinel ? port : 0}`,
    `dir ${folder}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 1`,
    `sentinel down-after-milliseconds ${masterName} 500`,
    `sentinel failover-timeout ${masterName} 5000`,
    ...(sentinelPassword === undefined ? [] : [`requirepass ${sentinelPassword}`]),
    ...sentinelSettings,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  // The shell ends it when its own standard input ends, that is with this process at the latest.
  const shell = '"$0" "$1" --sentinel & read -r _; kill -s KILL $!; wait';
  const child = spawn('/bin/sh', ['-c', shell, inject('redisProgram'), config], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  cleanUp.defer(async () => {
    const ended = once(child, 'exit');
    child.stdin.end();
    await ended;
  });
  return port;
}
