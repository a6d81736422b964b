import { watchedRedis } from '@secureconnect/degraded-mode/ioredis/testing';
import { createLogger, createMetrics } from '@secureconnect/service';
import { eventually, freePort } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { measureSentinels } from './sentinel-metrics.ts';

const log = createLogger({ service: 'test', level: 'silent' });

it('counts the servers and sentinels that are up, and failovers once each', async () => {
  await using watched = await watchedRedis();
  const away = { host: '127.0.0.1', port: await freePort() };
  const { address } = watched;
  if (address.kind !== 'sentinel') throw new Error('The set has no sentinels.');
  const withOneAway = { ...address, sentinels: [...address.sentinels, away] };
  const metrics = createMetrics();
  await using cleanUp = new AsyncDisposableStack();
  const options = { address: withOneAway, metrics, service: 'test', log, intervalMs: 100 };
  cleanUp.defer(measureSentinels(options));
  const reads = async (name: string, value: number): Promise<void> => {
    expect(await metrics.registry.getSingleMetricAsString(name)).toContain(
      `${name}{service="test"} ${value}`,
    );
  };
  await eventually(() => reads('redis_instances_up', 2));
  await reads('redis_sentinels_up', 1);
  await reads('redis_failovers_total', 0);

  await watched.master.kill();
  await eventually(() => reads('redis_failovers_total', 1), { timeoutMs: 15_000 });
  // The old master is listed as a replica that is away.
  await eventually(() => reads('redis_instances_up', 1), { timeoutMs: 15_000 });
  await reads('redis_failovers_total', 1);
});

it('measures nothing without sentinels', async () => {
  const metrics = createMetrics();
  const address = { kind: 'single', url: 'redis://127.0.0.1:1' } as const;
  await measureSentinels({ address, metrics, service: 'test', log })();
  expect(metrics.registry.getSingleMetric('redis_sentinels_up')).toBeUndefined();
});
