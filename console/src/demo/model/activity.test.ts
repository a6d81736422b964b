import { expect, it } from 'vitest';
import { useOf } from '../../app/route-use.ts';
import { Activity } from './activity.ts';

it('shows each route once, the latest first, and counts the same outcomes', () => {
  const activity = new Activity();
  const read = (port?: string) =>
    activity.note(useOf('GET /v1/messages', port === undefined ? [] : [{ port }], undefined));
  read();
  read();
  activity.note(useOf('POST /v1/auth/login', [], 'SERVICE_DEGRADED'));
  read('revocations');
  expect(activity.uses.value.map(({ route, mode, times }) => [route, mode, times])).toEqual([
    ['GET /v1/messages', 'fallback', 1],
    ['POST /v1/auth/login', 'refused', 1],
  ]);
  read('revocations');
  expect(activity.uses.value[0]?.times).toBe(2);
});

it('leaves out what the page asks for itself, and what is long ago', () => {
  const activity = new Activity();
  activity.note(useOf('GET /v1/degraded', [], undefined));
  for (let n = 1; n <= 40; n += 1) activity.note(useOf(`GET /v1/${n}`, [], undefined));
  expect(activity.uses.value).toHaveLength(30);
  expect(activity.uses.value.at(-1)?.route).toBe('GET /v1/11');
});
