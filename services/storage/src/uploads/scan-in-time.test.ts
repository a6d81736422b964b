import { DegradedRefusal } from '@secureconnect/degraded-mode';
import { createLogger } from '@secureconnect/service';
import { afterEach, describe, expect, it } from 'vitest';
import { scanInTime } from './scan-in-time.ts';

const lines: Record<string, unknown>[] = [];
afterEach(() => lines.splice(0));
const write = (line: string): unknown => lines.push(JSON.parse(line));

const refusal = new DegradedRefusal({
  operation: 'uploads',
  port: 'scans',
  retryAfterSeconds: 5,
  dependency: 'scan_hook',
});
const outage = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const mistake = new TypeError('verdict is not a function');

/** A scan that ends when a test says so. */
function openScan() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const log = createLogger({ service: 'storage', level: 'info', write });
  const inTime = (maxWaitMs: number) => scanInTime({ scan: () => promise }, 'f-1', log, maxWaitMs);
  return { inTime, resolve, reject };
}

describe('a scan that ends while the client waits', () => {
  it('lets the request go on at once', async () => {
    const { inTime, resolve } = openScan();
    resolve();
    await inTime(60_000);
    expect(lines).toEqual([]);
  });

  it.each([
    ['the refusal of its port', refusal],
    ['an outage of the database', outage],
    ['a mistake', mistake],
  ])('by %s gives the request that error', async (_what, error) => {
    const { inTime, reject } = openScan();
    const request = inTime(60_000);
    reject(error);
    await expect(request).rejects.toBe(error);
    expect(lines).toEqual([]);
  });
});

describe('a scan that fails after the reply', () => {
  it.each([
    ['the refusal of its port', refusal, { level: 'warn', file_id: 'f-1' }],
    ['an outage of the database', outage, { level: 'warn', cause: { code: 'ECONNREFUSED' } }],
    ['a mistake', mistake, { level: 'error', err: { message: mistake.message } }],
  ])('by %s is logged, and rejects nobody', async (_what, error, expected) => {
    const { inTime, reject } = openScan();
    await inTime(1);
    expect(lines).toEqual([]);
    reject(error);
    await expect.poll(() => lines).toHaveLength(1);
    expect(lines[0]).toMatchObject(expected);
  });
});
