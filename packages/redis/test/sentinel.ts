import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, type TestRedis, testRedis } from '@secureconnect/testkit';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import type { RedisAddress } from '../src/index.ts';

const masterName = 'mymaster';

export interface Watched extends AsyncDisposable {
  readonly address: RedisAddress;
  /** The server that was the master at first, and its replica. */
  readonly master: TestRedis;
  readonly replica: TestRedis;
  /** Promotes the replica as an operator would, with both servers up. */
  failOver(): Promise<void>;
}

/** A master with a replica, and a sentinel that watches them. */
export async function watchedRedis(): Promise<Watched> {
  const cleanUp = new AsyncDisposableStack();
  const master = cleanUp.use(await testRedis());
  const replica = cleanUp.use(await testRedis());
  const onMaster = new Redis(master.url);
  await onMaster.config('SET', 'repl-diskless-sync-delay', '0');
  onMaster.disconnect();
  const onReplica = cleanUp.adopt(new Redis(replica.url), (client) => client.disconnect());
  await onReplica.replicaof('127.0.0.1', master.port);
  await eventually(async () => {
    if (!(await onReplica.info('replication')).includes('master_link_status:up')) {
      throw new Error('not in step yet');
    }
  });
  const port = await startSentinel(master.port, cleanUp);
  const sentinel = cleanUp.adopt(new Redis(port), (client) => client.disconnect());
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
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

async function startSentinel(masterPort: number, cleanUp: AsyncDisposableStack): Promise<number> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-sentinel-'));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'sentinel.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${folder}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 1`,
    `sentinel down-after-milliseconds ${masterName} 500`,
    `sentinel failover-timeout ${masterName} 5000`,
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
