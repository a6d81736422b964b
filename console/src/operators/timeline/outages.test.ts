import { expect, it } from 'vitest';
import type { Fleet, FleetInstance } from '../fleet/fleet.ts';
import { type Outage, withFleet } from './outages.ts';

const fleet = (...instances: Partial<FleetInstance>[]): Fleet => ({
  degraded: false,
  instances: instances.map((each) => ({
    ...{ service: 'chat', instance: '00000001', state: 'normal' },
    ...each,
  })),
  rows: [],
});
const since = '2026-01-31T12:00:00.000Z';
const begin = Date.parse(since);
const down = { state: 'degraded', reason: 'ECONNREFUSED', since } as const;

it('begins an outage when the instance says it began, and ends it when it is over', () => {
  let outages: readonly Outage[] = withFleet([], fleet({}), begin - 1000);
  expect(outages).toEqual([]);
  outages = withFleet(outages, fleet(down), begin + 2000);
  outages = withFleet(outages, fleet(down), begin + 4000);
  expect(outages).toMatchObject([
    { service: 'chat', kind: 'outage', reason: 'ECONNREFUSED', sinceMs: begin, isOver: false },
  ]);
  outages = withFleet(outages, fleet({}), begin + 6000);
  expect(outages).toMatchObject([{ sinceMs: begin, untilMs: begin + 6000, isOver: true }]);
});

it('tells drills, silence and outages apart, the newest first', () => {
  const drill = { state: 'degraded', since, drill_ends_at: since } as const;
  const ports = { state: 'degraded', port_drills: { presence: since } } as const;
  const silent = { instance: null, state: 'unreachable' } as const;
  const first = withFleet([], fleet(drill), begin + 1);
  const all = withFleet(first, fleet(ports, { ...silent, service: 'video' }), begin + 5);
  expect(all.map(({ service, kind, sinceMs }) => [service, kind, sinceMs - begin])).toEqual([
    ['video', 'silence', 5],
    ['chat', 'drill', 0],
  ]);
  expect(all[1]?.reason).toBe('ports presence');
});

it('keeps a bounded number', () => {
  let outages: readonly Outage[] = [];
  for (let n = 0; n < 300; n += 1) {
    const at = begin + n * 1000;
    const started = { ...down, since: new Date(at).toISOString() };
    outages = withFleet(withFleet(outages, fleet(started), at), fleet({}), at + 500);
  }
  expect(outages).toHaveLength(200);
  expect(outages[0]?.sinceMs).toBe(begin + 299_000);
});
