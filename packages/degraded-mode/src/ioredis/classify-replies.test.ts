import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestRedis, testRedis } from '@secureconnect/testkit';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterNode } from '../../test/redis/cluster-node.ts';
import { connectedClient, errorOf, oneClient } from '../../test/redis/one-client.ts';
import { stopWithMuchToLoad } from '../../test/redis/slow-loading.ts';
import { classify, connectionFailure } from './classify.ts';
import { PatientRedis } from './patient-redis.ts';

let server: TestRedis;
let redis: Redis;

beforeEach(async () => {
  server = await testRedis();
  redis = await connectedClient(server.url);
});
afterEach(async () => {
  redis.disconnect();
  await server.close();
});

const set = () => redis.set('key', 'value');

async function failureOf(command: Promise<unknown>): Promise<unknown> {
  return classify(await errorOf(command));
}

const hard = (reason: string) => ({ severity: 'hard', reason });
const vague = (reason: string) => ({ ...hard(reason), isVague: true });

describe('Redis cannot serve this:', () => {
  it('READONLY, a write to a replica', async () => {
    await redis.replicaof('127.0.0.1', 1);
    expect(await failureOf(set())).toEqual(hard('READONLY set'));
  });

  it('READONLY, met by a script', async () => {
    await redis.replicaof('127.0.0.1', 1);
    const script = redis.eval("return redis.call('SET', KEYS[1], 1)", 1, 'key');
    expect(await failureOf(script)).toEqual(hard('READONLY eval'));
  });

  it('MASTERDOWN, a replica without its master', async () => {
    await redis.config('SET', 'replica-serve-stale-data', 'no');
    await redis.replicaof('127.0.0.1', 1);
    expect(await failureOf(redis.get('key'))).toEqual(hard('MASTERDOWN get'));
  });

  it('OOM, no memory left', async () => {
    await redis.config('SET', 'maxmemory', '1');
    expect(await failureOf(set())).toEqual(hard('OOM set'));
  });

  it('OOM, which a transaction met', async () => {
    await redis.config('SET', 'maxmemory', '1');
    expect(await failureOf(redis.multi().set('key', 1).exec())).toEqual(hard('OOM set'));
  });

  it('NOREPLICAS, too few replicas', async () => {
    await redis.config('SET', 'min-replicas-to-write', '1');
    expect(await failureOf(set())).toEqual(hard('NOREPLICAS set'));
  });

  it('MISCONF, the data cannot be saved', async () => {
    await redis.config('SET', 'save', '3600 1');
    mkdirSync(join(server.files.folder, 'dump.rdb'));
    await redis.bgsave();
    let error: unknown;
    while (error === undefined)
      error = await set().then(
        () => undefined,
        (caught) => caught,
      );
    expect(classify(error)).toEqual(hard('MISCONF set'));
    await redis.config('SET', 'save', ''); // else it would not stop
  });

  it('NOAUTH, a password is required', async () => {
    await redis.config('SET', 'requirepass', 'secret');
    const stranger = oneClient(server.url);
    expect(connectionFailure(await errorOf(stranger.connect()))).toEqual(vague('closed'));
    stranger.disconnect();
    const bare = new PatientRedis(server.url, { enableReadyCheck: false, disableClientInfo: true });
    expect(await failureOf(bare.get('key'))).toEqual(hard('NOAUTH get'));
    bare.disconnect();
  });

  it('WRONGPASS, the password is wrong', async () => {
    await redis.config('SET', 'requirepass', 'secret');
    expect(await failureOf(redis.auth('default', 'wrong'))).toEqual(hard('WRONGPASS auth'));
  });

  it('BUSY, a script does not end', async () => {
    await redis.config('SET', 'busy-reply-threshold', '1');
    const endless = errorOf(redis.eval('while true do end', 0));
    const other = redis.duplicate({ enableReadyCheck: false, commandTimeout: 5000 });
    await other.connect();
    expect(await failureOf(other.get('key'))).toEqual(hard('BUSY get'));
    await other.script('KILL');
    await endless;
    other.disconnect();
  });

  it('too many clients', async () => {
    await redis.config('SET', 'maxclients', '1');
    const late = new PatientRedis(server.url, { enableReadyCheck: false, disableClientInfo: true });
    late.on('error', () => undefined);
    expect(await failureOf(late.get('key'))).toEqual(hard('maxclients'));
    late.disconnect();
  });

  it('CLUSTERDOWN, slots without a server', async () => {
    await using node = await clusterNode();
    redis.disconnect();
    redis = await connectedClient(node.url);
    expect(await failureOf(set())).toEqual(hard('CLUSTERDOWN set'));
  });

  it('LOADING, the data is being read', async () => {
    await stopWithMuchToLoad(server, redis);
    redis.disconnect();
    const restarted = server.restart();
    redis = new PatientRedis(server.url, { enableReadyCheck: false, disableClientInfo: true });
    redis.on('error', () => undefined);
    expect(await failureOf(redis.get('key:1'))).toEqual(hard('LOADING get'));
    await restarted;
  });
});

describe('there is no usable connection:', () => {
  it('none was ever opened', async () => {
    const idle = oneClient('redis://127.0.0.1:1');
    expect(await failureOf(idle.get('key'))).toEqual(vague('not ready'));
    idle.disconnect();
  });

  it('it was lost while the command waited', async () => {
    server.freeze();
    const failure = failureOf(redis.get('key'));
    await server.kill();
    expect(await failure).toEqual(vague('closed'));
  });

  it('it was closed for good', async () => {
    redis.disconnect();
    await new Promise((resolve) => redis.once('end', resolve));
    expect(await failureOf(redis.get('key'))).toEqual(vague('closed'));
  });

  it('what answers is not Redis', async () => {
    const web = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const address = web.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const lost = new PatientRedis(`redis://127.0.0.1:${port}`, {
      enableReadyCheck: false,
      disableClientInfo: true,
    });
    lost.on('error', () => undefined);
    expect(await failureOf(lost.get('key'))).toEqual(hard('protocol'));
    lost.disconnect();
    web.close();
  });
});

it('no answer in time is a time-out', async () => {
  server.freeze();
  expect(await failureOf(redis.get('key'))).toEqual({ severity: 'timeout', reason: 'timed out' });
});
