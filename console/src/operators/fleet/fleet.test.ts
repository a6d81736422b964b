import { describe, expect, it } from 'vitest';
import {
  type Fleet,
  type FleetInstance,
  type FleetRow,
  filterRows,
  rowState,
  usesOf,
} from './fleet.ts';
import { headlineOf } from './headline.ts';

const row = (
  route: string,
  [normal, fail_closed, fail_open]: readonly [number, number, number],
  more: Partial<FleetRow> = {},
): FleetRow => ({
  ...{ service: 'chat', route, operation: 'an operation', ports: { presence: 'fail open: skip' } },
  instances: { normal, fail_closed, fail_open },
  ...more,
});
const rows = [
  row('GET /v1/messages', [2, 0, 0]),
  row('GET /v1/presence', [0, 0, 2], { used: { presence: 4, directory: 2 } }),
  row('POST /v1/auth/login', [0, 1, 0], { service: 'auth', ports: { 'new-sessions': '503' } }),
  row('POST /v1/messages', [1, 0, 1]),
];
const instance = (more: Partial<FleetInstance> = {}): FleetInstance => ({
  ...{ service: 'chat', instance: '00000001', state: 'normal' },
  ...more,
});
const fleet = (instances: readonly FleetInstance[], shown: readonly FleetRow[] = rows): Fleet => ({
  degraded: true,
  instances: [...instances],
  rows: [...shown],
});

it('says what a row does over all instances, and how often its fallbacks were used', () => {
  expect(rows.map(rowState)).toEqual(['normal', 'goes_on', 'refuses', 'differs']);
  expect(rows.map(usesOf)).toEqual([0, 6, 0, 0]);
});

describe('the filter', () => {
  const routes = (filter: Partial<Parameters<typeof filterRows>[1]>) =>
    filterRows(rows, { text: '', service: '', state: 'all', ...filter }).map(({ route }) => route);

  it('finds words in routes, operations and ports', () => {
    expect(routes({ text: 'PRESENCE get' })).toEqual(['GET /v1/presence', 'GET /v1/messages']);
    expect(routes({ text: 'new-sessions' })).toEqual(['POST /v1/auth/login']);
    expect(routes({ text: 'nothing' })).toEqual([]);
  });

  it('finds a service, and a state', () => {
    expect(routes({ service: 'auth' })).toEqual(['POST /v1/auth/login']);
    expect(routes({ state: 'refuses' })).toEqual(['POST /v1/auth/login']);
    expect(routes({ state: 'unusual' })).toHaveLength(3);
  });
});

describe('the headline', () => {
  const since = new Date(2026, 0, 31, 12, 3, 0).toISOString();
  const later = new Date(2026, 0, 31, 12, 4, 0).toISOString();
  const now = Date.parse(since) + 60_000;

  it('is calm where everything is normal', () => {
    expect(headlineOf(fleet([instance()], [row('GET /v1/messages', [1, 0, 0])]))).toEqual({
      tone: 'good',
      title: 'Everything works',
      text: 'Normal: 1 route on 1 instance.',
    });
  });

  it('says since when Redis is gone, why, and what that means', () => {
    const gone = { state: 'degraded', reason: 'ECONNREFUSED' } as const;
    const { tone, title, text } = headlineOf(
      fleet([instance({ ...gone, since: later }), instance({ ...gone, since })]),
      now,
    );
    expect(tone).toBe('bad');
    expect(title).toMatch(/^Redis cannot be reached since .*12:03:00.* \(ECONNREFUSED\)$/);
    expect(text).toBe(
      'Of 4 routes on 2 instances: 1 refuses, 1 goes on with a fallback, 1 differs between instances, 1 normal.',
    );
  });

  it('names drills as such, and the object store', () => {
    const drill = { state: 'degraded', reason: 'drill', drill_ends_at: later } as const;
    expect(headlineOf(fleet([instance(drill)]), now).title).toMatch(
      /^A drill is under way until .*12:04:00/,
    );
    const store = instance({ service: 'storage', state: 'degraded' });
    expect(headlineOf(fleet([store]), now).title).toBe('The object store cannot be reached');
  });

  it('names services that do not answer', () => {
    const silent = instance({ service: 'video', instance: null, state: 'unreachable' });
    const { title, text } = headlineOf(fleet([instance(), silent], rows.slice(0, 1)));
    expect(title).toBe('Some services do not answer');
    expect(text).toBe('Normal: 1 route on 1 instance. No answer from 1 instance: video.');
  });
});
