import type { LiveTable } from '@secureconnect/contracts';
import { expect, it } from 'vitest';
import { mergeFleet, readTable } from './merge-fleet.ts';

type Mode = LiveTable['rows'][number]['mode'];

const table = (instance: string, mode: Mode, more: Partial<LiveTable> = {}): LiveTable => ({
  service: 'chat-service',
  redis: mode === 'normal' ? 'available' : 'unavailable',
  degraded: mode !== 'normal',
  instance,
  rows: [
    { route: 'GET /v1/presence', operation: 'presence', mode, ports: {} },
    { route: 'GET /v1/messages', operation: 'history', mode: 'normal', ports: {} },
  ],
  ...more,
});

it('tells the instances apart, and counts the rows that are not normal everywhere', () => {
  const service = 'chat';
  const merged = mergeFleet([
    { service, table: table('00000001', 'normal') },
    { service, table: table('00000002', 'fail_open', { reason: 'ETIMEDOUT' }) },
    { service, table: undefined },
  ]);
  expect(merged).toEqual({
    degraded: true,
    instances: [
      { service, instance: '00000001', state: 'normal' },
      { service, instance: '00000002', state: 'degraded', reason: 'ETIMEDOUT' },
      { service, instance: null, state: 'unreachable' },
    ],
    rows: [
      {
        ...{ service, route: 'GET /v1/presence', operation: 'presence' },
        instances: { normal: 1, fail_closed: 0, fail_open: 1 },
      },
    ],
  });
});

it('counts an instance once that answers at two addresses, and shows drills of ports', () => {
  const port_drills = { presence: '2026-01-31T12:00:00.000Z' };
  const answer = { service: 'chat', table: table('00000001', 'normal', { port_drills }) };
  const { degraded, instances } = mergeFleet([answer, answer]);
  expect(instances).toEqual([
    { service: 'chat', instance: '00000001', state: 'degraded', port_drills },
  ]);
  expect(degraded).toBe(true);
});

it('reads no table from what is none', () => {
  for (const body of [null, 'ok', {}, { data: { service: 'chat-service' } }]) {
    expect(readTable(body)).toBeUndefined();
  }
  const data = table('00000001', 'normal');
  expect(readTable({ success: true, data, meta: {} })).toEqual(data);
});
