import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitHeaders } from '../src/proxy/limits/limit-headers.ts';
import { startGateway, type TestGateway } from './harness.ts';

const generated = join(import.meta.dirname, '../../../packages/contracts/generated');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${gateway.url}${path}`, { method, headers });

describe('the documents', () => {
  it.each(['openapi.json', 'asyncapi.json'])('%s is the generated one', async (name) => {
    const reply = await get(`/${name}`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-cache');
    const file = await readFile(join(generated, name), 'utf8');
    expect(await reply.json()).toEqual(JSON.parse(file));
  });
});

it('every header about a limit is in the OpenAPI document', async () => {
  const document = JSON.parse(await readFile(join(generated, 'openapi.json'), 'utf8'));
  const refused = { granted: false, limit: 1, remaining: 0, resetSeconds: 1, retryAfterSeconds: 1 };
  for (const name of Object.keys(limitHeaders('default', { ...refused, source: 'redis' }))) {
    expect(document.components.headers).toHaveProperty([name]);
    expect(document.components.responses.RATE_LIMITED.headers).toHaveProperty([name]);
  }
});

describe('the page', () => {
  it('may load nothing from a foreign host, and be in no frame', async () => {
    const reply = await get('/docs');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-cache');
    const policy = reply.headers.get('content-security-policy') ?? '';
    const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule]));
    expect(rules.get('default-src')).toBe("default-src 'none'");
    expect(rules.get('script-src')).toBe("script-src 'self'");
    expect(rules.get('frame-ancestors')).toBe("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(await reply.text()).not.toMatch(/https?:/);
  });

  it('names its files, and no other file is served', async () => {
    const page = await (await get('/docs')).text();
    const files = [...page.matchAll(/"(\/docs\/[^"]+)"/g)].map(([, file]) => String(file));
    expect(files).toHaveLength(3);
    for (const file of files) expect((await get(file)).status).toBe(200);
    for (const name of ['page.html', 'files.ts', 'redoc.standalone.js', '..%2Ffiles.ts', 'x']) {
      const reply = await get(`/docs/${name}`);
      expect(reply.status).toBe(404);
      expect(await reply.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
    }
    expect((await get('/docs', {}, 'POST')).status).toBe(405);
  });

  it('has the licenses of its script, at the place that the script names', async () => {
    const script = await (await get('/docs/redoc.js')).text();
    const [, file] = /see (\S+) \*\//.exec(script.slice(0, 100)) ?? [];
    const licenses = await (await get(`/docs/${file}`)).text();
    expect(licenses).toContain('The MIT License (MIT)');
    expect(licenses).toContain('DOMPurify');
  });

  it('has a script that loads no image of its vendor and that caches keep for a day', async () => {
    const reply = await get('/docs/redoc.js', { 'accept-encoding': 'identity' });
    expect(reply.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('public, max-age=86400');
    expect(await reply.text()).not.toMatch(/cdn\.redoc|fonts\.g/);
  });
});

describe('a file', () => {
  it('is compressed if the client accepts it', async () => {
    const plain = await get('/docs/page.js', { 'accept-encoding': 'gzip;q=0, br' });
    const compressed = await get('/docs/page.js', { 'accept-encoding': 'br, gzip' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(compressed.headers.get('vary')).toContain('Accept-Encoding');
    expect(await compressed.text()).toBe(await plain.text());
  });

  it('is sent once to a client that keeps it', async () => {
    const etag = (await get('/docs/redoc.js')).headers.get('etag') ?? '';
    const again = await get('/docs/redoc.js', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('/docs/redoc.js', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('has a HEAD', async () => {
    const reply = await get('/asyncapi.json', { 'accept-encoding': 'identity' }, 'HEAD');
    const { length } = await readFile(join(generated, 'asyncapi.json'));
    expect([reply.status, reply.headers.get('content-length')]).toEqual([200, String(length)]);
  });
});
