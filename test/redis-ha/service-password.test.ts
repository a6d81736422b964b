import { type SentinelAddress, started, untilState } from '@secureconnect/redis/testing';
import { expect, it } from 'vitest';
import { sentinels, servers } from './pods.ts';
import { linuxSkipReason, processPods } from './process-pods.ts';
import { settled } from './scenarios.ts';
import { WriteWatch } from './write-watch.ts';

it.skipIf(linuxSkipReason !== '')(
  `a service is let in by REDIS_PASSWORD, and by the next master too${linuxSkipReason}`,
  { timeout: 120_000 },
  async () => {
    await using pods = await processPods();
    await using watch = new WriteWatch(pods);
    await Promise.all([...servers, ...sentinels].map((pod) => pods.start(pod)));
    const master = await settled({ pods, watch });
    const { masterName, password } = pods;
    const addresses = sentinels.map((each) => pods.address(each));
    const address: SentinelAddress = {
      kind: 'sentinel',
      sentinels: addresses,
      masterName,
      credentials: { password },
    };
    await using redis = await started('', { address });
    const { commands } = redis.connection;
    expect(await commands.set('let', 'in')).toBe('OK');
    await pods.kill(master);
    await untilState(redis.mode, 'unavailable');
    await untilState(redis.mode, 'available');
    expect(await commands.set('let', 'in again')).toBe('OK');
  },
);
