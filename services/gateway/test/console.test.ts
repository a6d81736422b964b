import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleFiles } from '../src/console/console-files.ts';
import { consolePolicy } from '../src/console/content-security-policy.ts';
import { startGateway, type TestGateway } from './harness.ts';

const page = '<!doctype html><title>The console</title>';
const script = `export const text = '${'a'.repeat(1000)}';`;
const parts = new AsyncDisposableStack();
let folder: string;
let gateway: TestGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
  parts.defer(() => rm(folder, { recursive: true }));
  const console = {
    files: consoleFiles(join(folder, 'dist')),
    policy: consolePolicy(['https://files.example.com', 'wss://sfu.example.com']),
  };
  gateway = parts.use(await startGateway({ overrides: { console } }));
});
afterAll(() => parts.disposeAsync());

const get = (path: string, acceptEncoding = 'identity') =>
  fetch(`${gateway.url}${path}`, { headers: { 'accept-encoding': acceptEncoding } });

async function build(): Promise<void> {
  await mkdir(join(folder, 'dist/assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not below the build');
  const files = { 'index.html': page, 'assets/main-1a2b.js': script, 'assets/main.map': '{}' };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, 'dist', name), text);
    await writeFile(join(folder, 'dist', `${name}.br`), brotliCompressSync(text));
    await writeFile(join(folder, 'dist', `${name}.gz`), gzipSync(text));
  }
}

describe('the console', () => {
  it('says how to build it where it is not built, until it is', async () => {
    const reply = await get('/console');
    expect(reply.status).toBe(404);
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(await reply.text()).toContain('npm run build:console');
    await build();
    expect((await get('/console')).status).toBe(200);
  });

  it.each(['/console', '/console/', '/console/demo', '/console/operators/fleet?service=chat'])(
    'is one page at %s',
    async (path) => {
      const reply = await get(path);
      expect([reply.status, await reply.text()]).toEqual([200, page]);
      expect(reply.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('may run nothing in the page itself, reach no other host, and be in no frame', async () => {
    const { headers } = await get('/console/demo');
    const policy = headers.get('content-security-policy') ?? '';
    const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule]));
    expect(rules.get('default-src')).toBe("default-src 'none'");
    expect(rules.get('script-src')).toBe("script-src 'self'");
    expect(rules.get('style-src')).toBe("style-src 'self'");
    expect(rules.get('frame-ancestors')).toBe("frame-ancestors 'none'");
    expect(rules.get('connect-src')).toBe(
      "connect-src 'self' https://files.example.com wss://sfu.example.com",
    );
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('set-cookie')).toBeNull();
  });

  it.each([
    ['gzip, br', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ])('sends its files for good, to a browser that accepts %j', async (accepted, encoding) => {
    const reply = await get('/console/assets/main-1a2b.js', accepted);
    expect(reply.headers.get('content-encoding')).toBe(encoding);
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(reply.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await reply.text()).toBe(script);
  });

  it.each([
    '/console/assets/main-old.js',
    '/console/assets/main.map',
    '/console/assets/main-1a2b.js.br',
    '/console/..%2Fsecret.txt',
    '/console/assets/..%2F..%2F..%2Fsecret.txt',
  ])('has no file %s', async (path) => {
    const reply = await get(path);
    expect(reply.status).toBe(404);
    expect(await reply.text()).not.toContain('not below');
  });
});
