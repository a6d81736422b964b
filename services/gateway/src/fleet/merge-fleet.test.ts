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
  const since = '2026-01-31T12:00:00.000Z';
  const merged = mergeFleet(
    [
      { service, table: table('00000001', 'normal') },
      { service, table: table('00000002', 'fail_open', { reason: 'ETIMEDOUT', since }) },
      { service, table: undefined },
    ],
    'unusual',
  );
  expect(merged).toEqual({
    degraded: true,
    instances: [
      { service, instance: '00000001', state: 'normal' },
      { service, instance: '00000002', state: 'degraded', reason: 'ETIMEDOUT', since },
      { service, instance: null, state: 'unreachable' },
    ],
    rows: [
      {
        ...{ service, route: 'GET /v1/presence', operation: 'presence' },
        instances: { normal: 1, fail_closed: 0, fail_open: 1 },
        ports: {},
      },
    ],
  });
});

it('has all rows where they are asked for, with what their fallbacks did on all instances', () => {
  const used = (counts: Record<string, number>): Partial<LiveTable> => ({
    rows: [
      {
        ...{ route: 'GET /v1/presence', operation: 'presence', mode: 'normal' },
        ...{ ports: { presence: 'fail open: skip' }, used: counts },
      },
      { route: 'GET /v1/messages', operation: 'history', mode: 'normal', ports: {} },
    ],
  });
  const answers = [
    { service: 'chat', table: table('00000001', 'normal', used({ presence: 3 })) },
    { service: 'chat', table: table('00000002', 'normal', used({ presence: 4, revocations: 1 })) },
  ];
  const instances = { normal: 2, fail_closed: 0, fail_open: 0 };
  expect(mergeFleet(answers, 'unusual').rows).toEqual([]);
  expect(mergeFleet(answers, 'all').rows).toEqual([
    {
      ...{ service: 'chat', route: 'GET /v1/presence', operation: 'presence', instances },
      ...{ ports: { presence: 'fail open: skip' }, used: { presence: 7, revocations: 1 } },
    },
    { service: 'chat', route: 'GET /v1/messages', operation: 'history', instances, ports: {} },
  ]);
});

it('counts an instance once that answers at two addresses, and shows drills of ports', () => {
  const port_drills = { presence: '2026-01-31T12:00:00.000Z' };
  const answer = { service: 'chat', table: table('00000001', 'normal', { port_drills }) };
  const { degraded, instances } = mergeFleet([answer, answer], 'unusual');
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
