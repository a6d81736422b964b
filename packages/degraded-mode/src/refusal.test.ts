import { describe, expect, it } from 'vitest';
import { DegradedRefusal, localLimitBody } from './refusal.ts';

describe('a refusal', () => {
  it('has the body that clients know, byte for byte', () => {
    const refusal = new DegradedRefusal({
      operation: 'login',
      port: 'sessions',
      retryAfterSeconds: 5,
    });
    expect(JSON.stringify(refusal.body)).toBe(
      '{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded",' +
        '"message":"login is operating in degraded mode due to Redis unavailability"}',
    );
    expect(refusal.retryAfterSeconds).toBe(5);
    expect(refusal.port).toBe('sessions');
  });

  it('of a dependency with a message of its own says that', () => {
    const refused = { operation: 'buying', port: 'prices', retryAfterSeconds: 3 };
    const message = 'Prices are away; retry.';
    const refusal = new DegradedRefusal({ ...refused, dependency: 'prices', message });
    expect(refusal.body).toMatchObject({ code: 'prices_unavailable', message });
    expect(refusal.hasOwnMessage).toBe(true);
  });

  it('by the local limiter says so', () => {
    expect(JSON.stringify(localLimitBody)).toBe(
      '{"error":"Rate limit exceeded","mode":"degraded"}',
    );
  });
});
