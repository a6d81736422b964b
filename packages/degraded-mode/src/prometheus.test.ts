import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { boundRow, comeUp, goDown } from '../test/bound-row.ts';
import { DegradedMode } from './degraded-mode.ts';
import { failOpen } from './fallback.ts';
import { measureDegradedMode } from './prometheus.ts';

function measured(withRows: boolean) {
  const row = boundRow({ hitCounter: failOpen.local() });
  const registry = new Registry();
  measureDegradedMode(row.mode, { registry, ...(withRows ? { rows: [row.binding] } : {}) });
  const lines = async () =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { ...row, lines };
}

const fallbacks = 'redis_fallbacks_total{route="POST /v1/hits",port="hitCounter",fallback="local"}';

it('shows the flag, the drills and the fallbacks, those of known rows from the start', async () => {
  const { handed, lines, mode } = measured(true);
  const service = mode.service;
  comeUp(mode);
  expect(await lines()).toEqual([
    `redis_degraded_mode{service="${service}"} 0`,
    `degraded_mode_drill{service="${service}",target="redis"} 0`,
    `degraded_mode_drill{service="${service}",target="hitCounter"} 0`,
    `${fallbacks} 0`,
  ]);
  goDown(mode);
  await handed.hitCounter.add(1);
  mode.availability.beginDrill(60);
  mode.portDrills.begin('hitCounter', 60);
  expect(await lines()).toEqual([
    `redis_degraded_mode{service="${service}"} 1`,
    `degraded_mode_drill{service="${service}",target="redis"} 1`,
    `degraded_mode_drill{service="${service}",target="hitCounter"} 1`,
    `${fallbacks} 1`,
  ]);
  mode.availability.endDrill();
  mode.portDrills.end('hitCounter');
  expect(await lines()).toEqual(
    expect.arrayContaining([
      `degraded_mode_drill{service="${service}",target="redis"} 0`,
      `degraded_mode_drill{service="${service}",target="hitCounter"} 0`,
    ]),
  );
});

it('tells a different dependency from Redis in the same registry', async () => {
  const { mode } = boundRow({});
  const prices = new DegradedMode({
    ...{ service: 'shop', dependency: 'prices', classify: () => undefined },
  });
  const registry = new Registry();
  for (const one of [mode, prices]) measureDegradedMode(one, { registry });
  prices.recordFallback({ route: 'GET /quote', port: 'prices', fallback: 'local' });
  const text = await registry.metrics();
  expect(text).toContain('dependency_degraded_mode{service="shop",dependency="prices"} 1');
  expect(text).toContain('degraded_mode_drill{service="shop",target="prices"} 0');
  expect(text).toContain(
    'dependency_fallbacks_total{dependency="prices",route="GET /quote",port="prices",fallback="local"} 1',
  );
  expect(text).not.toContain('redis_fallbacks_total{');
});

it('counts the fallbacks of rows that it was not told of', async () => {
  const { handed, lines, mode } = measured(false);
  goDown(mode);
  expect(await lines()).not.toContain(`${fallbacks} 0`);
  await handed.hitCounter.add(1);
  expect(await lines()).toContain(`${fallbacks} 1`);
});
