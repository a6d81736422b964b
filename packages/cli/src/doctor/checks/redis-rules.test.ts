import { describe, expect, it } from 'vitest';
import { openDeployment } from '../deployment.ts';
import type { ServerReport } from '../redis/ask-server.ts';
import type { RedisSurvey } from '../redis/survey.ts';
import { redisCheck } from './redis.ts';
import { redisAccessCheck } from './redis-access.ts';
import { redisClusterCheck } from './redis-cluster.ts';
import { redisEvictionCheck } from './redis-eviction.ts';
import { redisPersistenceCheck } from './redis-persistence.ts';
import { redisReplicationCheck } from './redis-replication.ts';

const fields = {
  ...{ role: 'master', redis_version: '7.2.4', maxmemory_policy: 'noeviction' },
  ...{ used_memory: '100', maxmemory: '1000', aof_enabled: '1', aof_last_write_status: 'ok' },
  ...{ slave0: 'ip=10.0.0.2,port=6379,state=online,offset=1,lag=0', min_slaves_good_slaves: '1' },
};

/** A server that answers like a healthy one, except for these fields of INFO. */
function server(
  changes: Readonly<Record<string, string | undefined>> = {},
  more: Partial<ServerReport> = {},
): ServerReport {
  const info = Object.entries({ ...fields, ...changes });
  return {
    ...{ name: '10.0.0.1:6379', host: '10.0.0.1', clockAheadMs: 0, admitsAnybody: false },
    info: new Map(info.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    settings: new Map([['appendfsync', 'everysec']]),
    ...more,
  };
}

function deploymentOf(survey: Partial<RedisSurvey>) {
  const none = { masters: [], replicas: [], silent: [], sentinels: [], cluster: undefined };
  const redis = async (): Promise<RedisSurvey> => ({ kind: 'sentinel', ...none, ...survey });
  return { ...openDeployment({}, undefined), redis };
}
const having = (...masters: readonly ServerReport[]) => deploymentOf({ masters });

describe('the checks of Redis', () => {
  it.each([
    redisCheck,
    redisAccessCheck,
    redisEvictionCheck,
    redisPersistenceCheck,
    redisReplicationCheck,
  ])('$name is content with a healthy server', async (check) => {
    expect(await check.run(having(server()))).toMatchObject({ status: 'ok' });
  });

  it.each([
    [redisCheck, { role: 'slave' }, 'fail', 'role slave'],
    [redisCheck, { redis_version: '6.2.14' }, 'warn', 'version 6.2.14'],
    [redisEvictionCheck, { maxmemory_policy: 'volatile-ttl' }, 'fail', 'volatile-ttl'],
    [redisEvictionCheck, { used_memory: '901' }, 'warn', 'uses 90 %'],
    [redisPersistenceCheck, { aof_enabled: '0' }, 'warn', 'appendonly no'],
    [redisPersistenceCheck, { aof_last_write_status: 'err' }, 'fail', 'aof_last_write_status err'],
    [
      redisPersistenceCheck,
      { rdb_last_bgsave_status: 'err' },
      'fail',
      'rdb_last_bgsave_status err',
    ],
    [redisReplicationCheck, { slave0: undefined }, 'fail', 'no replica in sync'],
    [redisReplicationCheck, { slave0: 'state=wait_bgsave' }, 'fail', 'no replica in sync'],
    [redisReplicationCheck, { min_slaves_good_slaves: undefined }, 'fail', 'without a replica'],
  ] as const)('%o finds %o: %s', async (check, changes, status, found) => {
    const outcome = await check.run(having(server(changes)));
    expect(outcome).toMatchObject({ status, found: expect.stringContaining(found) });
  });

  it('a server without any file fails among replicas, which it would empty, and not alone', async () => {
    const settings = new Map([['save', '']]);
    const masters = [server({ aof_enabled: '0' }, { settings })];
    const among = await redisPersistenceCheck.run(deploymentOf({ masters }));
    expect(among).toMatchObject({ status: 'fail' });
    const alone = await redisPersistenceCheck.run(deploymentOf({ kind: 'single', masters }));
    expect(alone).toMatchObject({ status: 'warn' });
  });

  it('says that it may not read appendfsync', async () => {
    const refused = server({}, { settings: 'NOPERM' });
    const found =
      'append-only files, last writes good; appendfsync not read: no right to CONFIG GET';
    expect(await redisPersistenceCheck.run(having(refused))).toEqual({ status: 'ok', found });
  });

  it('finds appendfsync no', async () => {
    const unsynced = server({}, { settings: new Map([['appendfsync', 'no']]) });
    expect(await redisPersistenceCheck.run(having(unsynced))).toMatchObject({ status: 'warn' });
  });

  it('fails for a server that admits anybody, and warns on loopback', async () => {
    const open = server({}, { admitsAnybody: true });
    expect(await redisAccessCheck.run(having(open))).toMatchObject({ status: 'fail' });
    const local = server({}, { admitsAnybody: true, host: '127.0.0.1' });
    expect(await redisAccessCheck.run(having(local))).toMatchObject({ status: 'warn' });
  });

  it('are skipped if no master answers, except the one that says so', async () => {
    const silent = deploymentOf({ silent: ['10.0.0.1:6379: ECONNREFUSED'] });
    expect(await redisCheck.run(silent)).toMatchObject({ status: 'fail' });
    await expect(redisEvictionCheck.run(silent)).rejects.toThrow('see the checks redis');
  });

  it.each([
    ['ok', 16_384, 1, 'ok'],
    ['fail', 16_384, 1, 'fail'],
    ['ok', 10_000, 1, 'fail'],
    ['ok', 16_384, 0, 'fail'],
  ] as const)(
    'a cluster in state %s with %d slots and %d replicas: %s',
    async (state, slotsAssigned, replicas, status) => {
      const masters = [{ master: { host: '10.0.0.1', port: 6379 }, replicas }];
      const cluster = { state, slotsAssigned, masters };
      const outcome = await redisClusterCheck.run(deploymentOf({ kind: 'cluster', cluster }));
      expect(outcome.status).toBe(status);
    },
  );
});
