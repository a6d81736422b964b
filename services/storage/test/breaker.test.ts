import { randomBytes } from 'node:crypto';
import { createLogger, createMetrics, monitorDependency } from '@secureconnect/service';
import { eventually, ownS3SkipReason, type TestS3, testS3 } from '@secureconnect/testkit';
import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreGuard } from '../src/objects/store-guard.ts';
import { storeMetrics } from '../src/objects/store-metrics.ts';
import { createStoreMode } from '../src/objects/store-mode.ts';
import { newUpload, send, startStorage, type TestStorage } from './harness.ts';

class Away extends Error {}

/** A guard on its own, of a store that is up, and what its metrics say. */
function guarded() {
  const metrics = createMetrics();
  const mode = createStoreMode('storage');
  const guard = new StoreGuard({
    faultOf: (error) => (error instanceof Away ? 'away' : undefined),
    explain: () => undefined,
    mode,
    metrics: storeMetrics(metrics),
    log: createLogger({ service: 'storage', level: 'silent' }),
  });
  mode.availability.recordProbe();
  mode.availability.recovering();
  mode.availability.recovered();
  const fail = () =>
    guard.run('size', async () => {
      throw new Away('not there');
    });
  const metric = async (line: string) =>
    (await metrics.registry.metrics()).split('\n').find((one) => one.startsWith(`${line} `));
  return { guard, mode, fail, metric };
}
const unavailable = { code: 'SERVICE_UNAVAILABLE', options: { retryAfterSeconds: 5 } };

describe('the guard of an object store', () => {
  it('refuses at once after three failures in a row, except for checks', async () => {
    const { guard, mode, fail, metric } = guarded();
    for (let times = 0; times < 2; times += 1) {
      await expect(fail()).rejects.toMatchObject(unavailable);
      expect(mode.isAvailable()).toBe(true);
    }
    await expect(fail()).rejects.toMatchObject(unavailable);
    expect(mode.breaker).toBe('open');
    expect(await metric('storage_object_store_breaker_state')).toMatch(/ 2$/);
    const calls: string[] = [];
    const call = (operation: 'size' | 'check') =>
      guard.run(operation, async () => {
        calls.push(operation);
      });
    await expect(call('size')).rejects.toMatchObject(unavailable);
    expect(calls).toEqual([]);
    expect(await metric('storage_object_store_failures_total{operation="size"}')).toMatch(/ 4$/);
    await call('check');
    expect(calls).toEqual(['check']);
  });

  it('serves again once its monitor has seen that checks succeed', async () => {
    const { guard, mode, fail, metric } = guarded();
    for (let times = 0; times < 3; times += 1) await expect(fail()).rejects.toThrow();
    const monitor = monitorDependency(mode, () => guard.run('check', async () => undefined));
    await monitor.start();
    await eventually(() => expect(mode.isAvailable()).toBe(true));
    monitor.stop();
    expect(await guard.run('size', async () => 5)).toBe(5);
    expect(await metric('storage_object_store_breaker_state')).toMatch(/ 0$/);
  });

  it('is not opened by errors that are about the call', async () => {
    const { guard, mode } = guarded();
    const wrong = () =>
      guard.run('size', async () => {
        throw new Error('no such object');
      });
    for (let times = 0; times < 5; times += 1)
      await expect(wrong()).rejects.toThrow('no such object');
    expect(mode.isAvailable()).toBe(true);
  });

  it('waits no longer than its limit, and measures', async () => {
    const { guard, metric } = guarded();
    const hanging = guard.run('copy', () => new Promise<never>(() => undefined), 20);
    await expect(hanging).rejects.toMatchObject(unavailable);
    expect(await metric('storage_object_store_seconds_bucket{le="0.5",operation="copy"}')).toMatch(
      / 1$/,
    );
    expect(
      await metric('storage_object_store_seconds_bucket{le="0.005",operation="copy"}'),
    ).toMatch(/ 0$/);
    expect(await metric('storage_object_store_seconds_count{operation="copy"}')).toMatch(/ 1$/);
  });
});

describe.skipIf(ownS3SkipReason !== '')(`an S3 that goes away${ownS3SkipReason}`, () => {
  const user = someone();
  let server: TestS3;
  let storage: TestStorage;
  beforeAll(async () => {
    server = await testS3('versitygw');
    storage = await startStorage({ s3: server });
  });
  afterAll(async () => {
    await storage?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const ask = (method: string, path: string, body?: object) =>
    storage.call(method, `/v1/storage/${path}`, {
      token: user.token,
      ...(body === undefined ? {} : { body }),
    });
  const ready = async () => (await storage.call('GET', '/ready')).status;

  it.each(['kill', 'freeze'] as const)(
    'after a %s makes 503 of what needs it, and of nothing else, until it is back',
    async (fault) => {
      const bytes = randomBytes(1000);
      const kept = await storage.upload(user, bytes);
      const sent = await storage.reserve(user, bytes);
      await send(sent.upload_url, bytes, sent.headers);
      const unsent = await storage.reserve(user, bytes);
      const { used } = (await ask('GET', 'quota')).body.data ?? {};
      await server[fault]();
      // The first request that meets the outage tells what it left behind, as later ones do.
      const deleted = await ask('DELETE', `files/${unsent.file_id}`);
      const told = [deleted.status, deleted.headers.get('x-degraded')];
      expect(told).toEqual([200, 'removals=skip;dependency=object_store']);
      await eventually(
        async () => {
          const reply = await ask('POST', 'upload-url', newUpload(bytes));
          expect([reply.status, reply.body.error?.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
          expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
        },
        { timeoutMs: 60_000 },
      );
      const startedAt = performance.now();
      const complete = await ask('POST', 'upload-complete', { file_id: sent.file_id });
      const download = await ask('GET', `download-url/${kept}`);
      expect([complete.status, download.status]).toEqual([503, 503]);
      await eventually(async () => expect(await ready()).toBe(503));
      const files = await ask('GET', 'files');
      expect([files.status, (await ask('GET', 'quota')).body.data?.['used']]).toEqual([200, used]);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      await (fault === 'kill' ? server.restart() : server.thaw());
      await eventually(
        async () => {
          const reply = await ask('POST', 'upload-complete', { file_id: sent.file_id });
          expect(reply.status).toBe(200);
        },
        { timeoutMs: 20_000 },
      );
      await eventually(async () => expect(await ready()).toBe(200));
      const response = await fetch(await storage.downloadUrl(user, kept));
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    },
    90_000,
  );
});
