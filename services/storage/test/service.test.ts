import { rm } from 'node:fs/promises';
import { eventually } from '@secureconnect/testkit';
import { someone } from '@secureconnect/tokens/testing';
import { describe, expect, it } from 'vitest';
import { storageRoutes } from '../src/index.ts';
import { startStorage } from './harness.ts';

describe('storage', () => {
  it('has no row that depends on Redis, and says so', async () => {
    await using storage = await startStorage();
    expect(storageRoutes.map(({ policy }) => policy.whenRedisDown)).toEqual(
      storageRoutes.map(() => ({})),
    );
    const { body } = await storage.call('GET', '/v1/degraded');
    expect(body.data).toMatchObject({ redis: 'not_used', degraded: false });
    expect(body.data?.['rows']).toHaveLength(storageRoutes.length);
    const metrics = await storage.call('GET', '/metrics');
    expect(metrics.text).not.toMatch(/^redis_/m);
  });

  it('describes its routes in OpenAPI', async () => {
    await using storage = await startStorage();
    const reply = await fetch(`${storage.url}/openapi.json`);
    const { paths } = (await reply.json()) as { paths: object };
    const own = Object.keys(paths).filter((path) => path.startsWith('/v1/storage/'));
    expect(own.sort()).toEqual([
      '/v1/storage/download-url/{file_id}',
      '/v1/storage/exports/{export_id}',
      '/v1/storage/files',
      '/v1/storage/files/{file_id}',
      '/v1/storage/files/{file_id}/share',
      '/v1/storage/files/{file_id}/share/{conversation_id}',
      '/v1/storage/multipart',
      '/v1/storage/multipart/{file_id}',
      '/v1/storage/multipart/{file_id}/part-url',
      '/v1/storage/multipart/{file_id}/parts',
      '/v1/storage/objects/{file_id}',
      '/v1/storage/objects/{file_id}/parts/{part_number}',
      '/v1/storage/quota',
      '/v1/storage/upload-complete',
      '/v1/storage/upload-url',
    ]);
  });

  it('refuses tokens that are missing, expired, of others, or revoked', async () => {
    await using storage = await startStorage();
    const status = async (token?: string) =>
      (await storage.call('GET', '/v1/storage/quota', token === undefined ? {} : { token })).status;
    const user = someone();
    expect(await status(user.token)).toBe(200);
    expect(await status()).toBe(401);
    expect(await status('x')).toBe(401);
    expect(await status(someone(-1).token)).toBe(401);
    await storage.database.execute(
      `INSERT INTO auth.revocations (id, expires_at, reason)
       VALUES ($1, now() + interval '1 hour', 'logout')`,
      [user.sessionId],
    );
    // The snapshot is taken every 5 s.
    await eventually(async () => expect(await status(user.token)).toBe(401), { timeoutMs: 8000 });
    expect(await status(someone().token)).toBe(200);
  });

  it('is ready while its database and its directory are available', async () => {
    await using storage = await startStorage();
    const ready = await storage.call('GET', '/ready');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.text)).toEqual({
      status: 'ready',
      service: 'storage-service',
      database: 'ok',
      objects: 'ok',
    });
    await rm(storage.directory, { recursive: true });
    // What a dependency said counts for a second.
    await eventually(async () => {
      const { status, text } = await storage.call('GET', '/ready');
      expect([status, JSON.parse(text).objects]).toEqual([503, 'unavailable']);
    });
    const { mkdir } = await import('node:fs/promises');
    await mkdir(storage.directory);
  });

  it('answers 503 when tokens cannot be checked because no revocations were ever read', async () => {
    await using storage = await startStorage();
    await storage.database.execute('DROP VIEW auth.revoked_tokens');
    await using other = await startStorage({ beside: storage });
    const { token } = someone();
    const reply = await other.call('GET', '/v1/storage/quota', { token });
    expect([reply.status, reply.body.error?.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(reply.headers.get('retry-after')).toBe('5');
  });
});
