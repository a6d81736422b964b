import { DegradedMode } from '@secureconnect/degraded-mode';
import { expect, it } from 'vitest';
import { measureBreakers } from './breaker-metrics.ts';
import { createMetrics } from './metrics.ts';

const newMode = (dependency: string) =>
  new DegradedMode({ service: 'shop', dependency, classify: () => undefined });

it('shows the breaker of each dependency by name, as it is at the scrape', async () => {
  const mail = newMode('mail');
  const metrics = createMetrics();
  measureBreakers(metrics, [newMode('redis'), mail]);
  const lines = async () =>
    (await metrics.registry.metrics())
      .split('\n')
      .filter((line) => /^dependency_breaker/.test(line));
  const series = 'dependency_breaker_state{service="shop",dependency="mail"}';
  expect(await lines()).toEqual([`${series} 2`]);
  mail.availability.recordProbe();
  expect(await lines()).toEqual([`${series} 1`]);
  mail.availability.recovering();
  mail.availability.recovered();
  expect(await lines()).toEqual([`${series} 0`]);
});

it('shows nothing in a service with Redis alone', async () => {
  const metrics = createMetrics();
  measureBreakers(metrics, [newMode('redis')]);
  expect(await metrics.registry.metrics()).not.toContain('dependency_breaker_state');
});
