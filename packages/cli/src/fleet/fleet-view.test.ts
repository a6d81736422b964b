import type { Schemas } from '@secureconnect/client';
import { describe, expect, it } from 'vitest';
import { localTime } from '../terminal/local-time.ts';
import { fleetLines, headlineOf, isNormal } from './fleet-view.ts';

const since = '2026-01-31T12:00:00.000Z';
const now = Date.parse('2026-01-31T12:02:00.000Z');

const normal: Schemas['FleetTable'] = {
  degraded: false,
  instances: [
    { service: 'gateway', instance: '00000001', state: 'normal' },
    { service: 'chat', instance: '00000002', state: 'normal' },
  ],
  rows: [],
};

const degraded: Schemas['FleetTable'] = {
  degraded: true,
  instances: [
    { service: 'auth', instance: '00000001', state: 'degraded', reason: 'ECONNREFUSED', since },
    { service: 'chat', instance: '00000002', state: 'normal' },
    { service: 'video', instance: null, state: 'unreachable' },
  ],
  rows: [
    {
      ...{ service: 'auth', route: 'POST /v1/auth/login', operation: 'login' },
      instances: { normal: 0, fail_closed: 1, fail_open: 0 },
      ports: { 'new-sessions': 'fail closed (503, Retry-After 30)' },
      used: { 'new-sessions': 7 },
    },
    {
      ...{ service: 'auth', route: 'GET /v1/users/me', operation: 'users/me' },
      instances: { normal: 1, fail_closed: 0, fail_open: 1 },
      ports: { revocations: 'fail open: snapshot (at most 60 s old)' },
    },
  ],
};

describe('the fleet', () => {
  it('is normal where every instance answers and is normal', () => {
    expect(isNormal(normal)).toBe(true);
    expect(isNormal(degraded)).toBe(false);
    const unreachable = { service: 'chat', instance: null, state: 'unreachable' } as const;
    expect(isNormal({ ...normal, instances: [unreachable] })).toBe(false);
  });

  it('is told in a sentence', () => {
    expect(headlineOf(normal, now)).toBe('Everything works: 2 instances normal.');
    expect(headlineOf(degraded, now)).toBe(
      `Degraded since ${localTime(since)} (2 min): ECONNREFUSED; auth. Routes: 1 refused, 1 with a fallback. 1 instance cannot be reached: video.`,
    );
  });

  it('says until when a drill lasts', () => {
    const instance = { service: 'chat', instance: '00000002', state: 'degraded' } as const;
    const drill = { ...instance, reason: 'drill', drill_ends_at: since };
    expect(headlineOf({ ...normal, instances: [drill] }, now)).toContain(
      `Degraded: drill until ${localTime(since)}; chat.`,
    );
    const ports = { ...instance, port_drills: { presence: since } };
    expect(headlineOf({ ...normal, instances: [ports] }, now)).toContain('drill of presence');
  });

  it('is shown instance by instance and row by row, with how often fallbacks were used', () => {
    const text = fleetLines(degraded, now, (_style, text) => text).join('\n');
    expect(text).toMatch(/auth +00000001 +degraded .* ECONNREFUSED/);
    expect(text).toMatch(/video +\? +unreachable/);
    expect(text).toMatch(
      /auth +refuses +POST \/v1\/auth\/login +new-sessions: fail closed \(503, Retry-After 30\) \(7\)/,
    );
    expect(text).toMatch(/auth +goes on 1\/2, normal 1\/2 +GET \/v1\/users\/me/);
  });
});
