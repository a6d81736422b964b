import { eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { call } from '../../test/call.ts';
import { startSmallService } from '../../test/small-service.ts';

const fine = async (): Promise<void> => undefined;

describe('readiness', () => {
  it('holds while the degraded server is away, and says so', async () => {
    await using small = await startSmallService({ readiness: { database: fine } });
    const ready = { status: 'ready', service: 'small-service', database: 'ok' };
    for (const redis of [true, false]) {
      if (!redis) small.mode.availability.recordFailure({ severity: 'hard', reason: 'away' });
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

  it('tells once that a dependency is away, and why, and once that it is back', async () => {
    let isAway = true;
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const check = async (): Promise<void> => {
      if (isAway) throw refused;
    };
    await using small = await startSmallService({ readiness: { database: check } });
    const told = (): Record<string, unknown>[] =>
      small.logLines
        .map((line): Record<string, unknown> => JSON.parse(line))
        .filter((line) => line['dependency'] === 'database');
    const status = async (): Promise<number> => (await call(`${small.url}/ready`)).status;
    // Long enough for several looks at the dependency, and many askings for what it said.
    const lookedAt = performance.now();
    while (performance.now() - lookedAt < 2500) expect(await status()).toBe(503);
    expect(told()).toEqual([
      expect.objectContaining({
        level: 'warn',
        msg: 'dependency is unavailable',
        cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
      }),
    ]);
    isAway = false;
    await eventually(async () => expect(await status()).toBe(200));
    expect(told()).toHaveLength(2);
    const back = told()[1];
    expect(back).toMatchObject({ level: 'info', msg: 'dependency is available again' });
    expect(back?.['duration_ms']).toBeGreaterThan(2000);
    expect(back?.['suppressed']).toBeGreaterThan(0);
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
