import { watchedRedis } from '@secureconnect/degraded-mode/ioredis/testing';
import { FaultProxy } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { started, untilState } from '../test/opened.ts';

it('servers that sentinels name by a different address are reached by the map, after a failover too', async () => {
  await using watched = await watchedRedis();
  await using toMaster = await FaultProxy.start(watched.master.port);
  await using toReplica = await FaultProxy.start(watched.replica.port);
  const mapped = ({ port }: { port: number }) => ({ host: '127.0.0.1', port });
  const natMap = {
    [`127.0.0.1:${watched.master.port}`]: mapped(toMaster),
    [`127.0.0.1:${watched.replica.port}`]: mapped(toReplica),
  };
  if (watched.address.kind !== 'sentinel') throw new Error('not behind sentinels');
  await using redis = await started('', { address: { ...watched.address, natMap } });
  const { commands } = redis.connection;
  expect(commands.stream.remotePort).toBe(toMaster.port);
  await watched.failOver();
  await untilState(redis.mode, 'unavailable');
  await untilState(redis.mode, 'available');
  expect(commands.stream.remotePort).toBe(toReplica.port);
  expect(await commands.role()).toEqual(['master', expect.any(Number), expect.anything()]);
  // Behind the map it is known that this is the new master: it is not left again.
  const { localPort } = commands.stream;
  await commands.ping();
  expect(commands.stream.localPort).toBe(localPort);
});
