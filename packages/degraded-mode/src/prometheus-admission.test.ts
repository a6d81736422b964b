import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { boundRow, comeUp, goDown } from '../test/bound-row.ts';
import type { DegradedModeOptions } from './degraded-mode.ts';
import { failOpen } from './fallback.ts';
import { measureDegradedMode } from './prometheus.ts';

/** The values of the series of admission by their names and labels, as a scrape reads them. */
async function admissionOf(registry: Registry): Promise<Record<string, string | undefined>> {
  const lines = (await registry.metrics()).split('\n');
  const ours = lines.filter((line) => /^dependency_(calls|admitted)/.test(line));
  return Object.fromEntries(ours.map((line) => line.split(' ')));
}

function measured(registry: Registry, options: Partial<DegradedModeOptions>) {
  const row = boundRow({ hitCounter: failOpen.local() }, options);
  measureDegradedMode(row.mode, { registry });
  return row;
}

it('shows the calls under way, their bound, and those beyond it', async () => {
  const registry = new Registry();
  const { mode, handed, redis } = measured(registry, { maxCallsUnderWay: 1 });
  const labels = `service="${mode.service}",dependency="redis"`;
  comeUp(mode);
  redis.hangs = true;
  const held = handed.hitCounter.add(1);
  await handed.hitCounter.add(2);
  expect(await admissionOf(registry)).toEqual({
    [`dependency_calls_under_way{${labels}}`]: '1',
    [`dependency_calls_under_way_max{${labels}}`]: '1',
    [`dependency_calls_shed_total{${labels},reason="bulkhead"}`]: '1',
  });
  await held;
  expect(await admissionOf(registry)).toMatchObject({
    [`dependency_calls_under_way{${labels}}`]: '0',
  });
});

it('shows the share that a ramp admits, and what it sheds', async () => {
  const registry = new Registry();
  const { mode, handed } = measured(registry, { rampMs: 60_000 });
  const labels = `service="${mode.service}",dependency="redis"`;
  expect((await admissionOf(registry))[`dependency_admitted_share{${labels}}`]).toBe('1');
  comeUp(mode);
  goDown(mode);
  comeUp(mode);
  for (let call = 0; call < 3; call += 1) await handed.hitCounter.add(call);
  const after = await admissionOf(registry);
  const share = Number(after[`dependency_admitted_share{${labels}}`]);
  expect(share).toBeGreaterThanOrEqual(0.1);
  expect(share).toBeLessThan(0.5);
  expect(Number(after[`dependency_calls_shed_total{${labels},reason="ramp"}`])).toBeGreaterThan(0);
});

it('shows several modes in one registry, and nothing of one that admits every call', async () => {
  const registry = new Registry();
  measured(registry, {});
  expect(await admissionOf(registry)).toEqual({});
  const bounded = measured(registry, { maxCallsUnderWay: 5, dependency: 'prices' });
  const ramped = measured(registry, { rampMs: 1000, dependency: 'search' });
  expect(bounded.mode.service).toBe(ramped.mode.service);
  const { service } = bounded.mode;
  expect(Object.keys(await admissionOf(registry)).sort()).toEqual([
    `dependency_admitted_share{service="${service}",dependency="search"}`,
    `dependency_calls_shed_total{service="${service}",dependency="prices",reason="bulkhead"}`,
    `dependency_calls_shed_total{service="${service}",dependency="search",reason="ramp"}`,
    `dependency_calls_under_way_max{service="${service}",dependency="prices"}`,
    `dependency_calls_under_way{service="${service}",dependency="prices"}`,
  ]);
});
