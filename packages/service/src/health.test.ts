import { describe, expect, it } from 'vitest';
import { call } from '../test/call.ts';
import { startSmallService } from '../test/small-service.ts';

const fine = async (): Promise<void> => undefined;

describe('readiness', () => {
  it('holds while the degraded server is away, and says so', async () => {
    await using small = await startSmallService({ readiness: { database: fine } });
    const ready = { status: 'ready', service: 'small-service', database: 'ok' };
    for (const redis of [true, false]) {
      if (!redis) small.mode.availability.failed({ severity: 'hard', reason: 'away' });
      for (const path of ['/ready', '/health']) {
        const reply = await call(`${small.url}${path}`);
        const said = redis ? { redis: 'ok' } : { redis: 'degraded', redis_reason: 'away' };
        expect([reply.status, reply.body]).toEqual([200, { ...ready, ...said }]);
      }
    }
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('away'))],
    ['hangs', () => new Promise<void>(() => undefined)],
    [
      'throws',
      () => {
        throw new Error('away');
      },
    ],
  ])('ends when a dependency %s; the process lives all the same', async (_how, check) => {
    await using small = await startSmallService({ readiness: { database: check, files: fine } });
    for (const path of ['/ready', '/health']) {
      const reply = await call(`${small.url}${path}`);
      expect(reply.status).toBe(503);
      expect(reply.body).toMatchObject({
        status: 'not_ready',
        database: 'unavailable',
        files: 'ok',
      });
    }
    expect((await call(`${small.url}/live`)).status).toBe(200);
    expect(small.logLines.join('')).toContain('dependency is unavailable');
  });

  it('says nothing of Redis in a service that has none', async () => {
    await using small = await startSmallService();
    await using without = await startSmallService({ withoutMode: true });
    expect((await call(`${small.url}/ready`)).body).toHaveProperty('redis');
    expect((await call(`${without.url}/ready`)).body).not.toHaveProperty('redis');
    const table = (await call(`${without.url}/v1/degraded`)).body.data;
    expect(table).toMatchObject({ redis: 'not_used', degraded: false });
  });

  it('may be replaced by the health of others', async () => {
    const body = { status: 'not_ready', upstreams: { auth: 'unavailable' } };
    await using small = await startSmallService({ health: async () => ({ ok: false, body }) });
    const reply = await call(`${small.url}/health`);
    expect([reply.status, reply.body]).toEqual([503, body]);
    expect((await call(`${small.url}/ready`)).status).toBe(200);
  });
});
