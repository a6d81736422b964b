import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  Failure,
  failure,
  LocalLimitReached,
  ServiceDegraded,
  success,
  successOf,
} from './envelope.ts';
import { ErrorCode, errorStatuses } from './errors.ts';

const meta = { timestamp: '2026-01-31T12:00:00.000Z', request_id: 'r' };

test('a success carries its data and the fallbacks used', () => {
  const reply = success({ a: 1 }, { ...meta, degraded: ['presence'] });
  expect(successOf(z.object({ a: z.int() })).parse(reply)).toEqual({
    success: true,
    data: { a: 1 },
    meta: { ...meta, degraded: ['presence'] },
  });
});

test('a failure has details only if there are some', () => {
  const details = [{ field: 'body.a', message: 'is required' }];
  expect(failure('CONFLICT', 'taken', meta, [])).toEqual({
    success: false,
    error: { code: 'CONFLICT', message: 'taken' },
    meta,
  });
  const refused = failure('VALIDATION_ERROR', 'bad', meta, details);
  expect(refused.error.details).toEqual(details);
  expect(Failure.parse(refused)).toEqual(refused);
});

test('every code has a status of its class', () => {
  for (const code of ErrorCode.options) {
    expect(errorStatuses[code]).toBeGreaterThanOrEqual(400);
    expect(errorStatuses[code]).toBeLessThan(600);
  }
  expect(errorStatuses.ACCOUNT_LOCKED).toBe(423);
});

test('the degraded bodies are those that clients know', () => {
  const closed = {
    error: 'SERVICE_DEGRADED',
    code: 'redis_unavailable',
    mode: 'degraded',
    message: 'login is operating in degraded mode due to Redis unavailability',
  };
  const limited = { error: 'Rate limit exceeded', mode: 'degraded' };
  expect(ServiceDegraded.parse(closed)).toEqual(closed);
  expect(LocalLimitReached.parse(limited)).toEqual(limited);
});
