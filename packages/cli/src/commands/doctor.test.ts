import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { main } from '../main.ts';
import { terminalOf } from '../terminal/terminal.ts';

/** Runs a command line; nobody listens where it looks. */
async function run(words: readonly string[], environment: Record<string, string> = {}) {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const terminal = terminalOf({ environment, input: new PassThrough(), output, errors });
  const code = await main(words, terminal, new AbortController().signal);
  return { code, output: String(output.read() ?? ''), errors: String(errors.read() ?? '') };
}

/** Accepts every connection and never answers, as behind a firewall that swallows packets. */
async function startSilentServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

describe('the command doctor', () => {
  it('examines the variables of this process, and ends with 1 if something fails', async () => {
    const { code, output } = await run(['doctor'], { NODE_ENV: 'test' });
    expect(code).toBe(1);
    expect(output).toMatch(/^fail +mode +NODE_ENV is test\. Expected: production\. Set NODE_ENV/m);
    expect(output).toMatch(/^skipped redis +none of REDIS_URL, REDIS_SENTINELS and REDIS_CLUSTER/m);
    expect(output).toMatch(/^\d+ checks: \d+ ok, \d+ warn, \d+ fail, \d+ skipped\.$/m);
    expect(output).toContain('The doctor only reads');
  });

  it('examines the variables of a file alone, and ends with 0 if nothing fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
    const file = join(folder, '.env');
    await writeFile(file, 'NODE_ENV=production\n# a comment\nLOG_LEVEL="info"\n');
    const words = ['doctor', '--json', '--env-file', file];
    const { code, output } = await run(words, {
      NODE_ENV: 'test',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    await rm(folder, { recursive: true });
    expect(code).toBe(0);
    const { checks, ok } = JSON.parse(output);
    expect(ok).toBe(true);
    expect(checks[0]).toEqual({ check: 'mode', status: 'ok', found: 'NODE_ENV=production' });
    expect(checks).toContainEqual(expect.objectContaining({ check: 'redis', status: 'skipped' }));
  });

  it.each([
    [['doctor', '--env-file', '/nowhere'], '--env-file cannot be read: ENOENT'],
    [
      ['doctor', '--url', 'gateway:8080'],
      'The address of the gateway is no http:// or https:// URL',
    ],
  ])('refuses %o', async (words, message) => {
    expect(await run(words)).toMatchObject({ code: 2, errors: expect.stringContaining(message) });
  });

  it('ends, although no server answers', { timeout: 120_000 }, async () => {
    await using silent = await startSilentServer();
    const { address } = silent;
    const env = {
      DATABASE_URL: `postgresql://me:mine@${address}/chat`,
      REDIS_URL: `redis://${address}`,
      SMTP_URL: `smtp://${address}`,
      ...{ S3_ENDPOINT: `http://${address}`, S3_PUBLIC_ENDPOINT: `http://${address}` },
      ...{ S3_REGION: 'here', S3_BUCKET: 'files', S3_ACCESS_KEY: 'me', S3_SECRET_KEY: 'mine' },
      ...{ TURN_URLS: `turn:${address}?transport=tcp,turns:${address}`, TURN_SECRET: 'ours' },
      ...{ CASSANDRA_CONTACT_POINTS: address, CASSANDRA_LOCAL_DATACENTER: 'here' },
    };
    const bin = join(import.meta.dirname, '../bin.ts');
    const words = [bin, 'doctor', '--json', '--url', `http://${address}`];
    const startedMs = Date.now();
    const { stdout } = await promisify(execFile)(process.execPath, words, { env }).catch(
      (error: { stdout: string }) => error,
    );
    // Eight at a time, of which each has at most 15 s; and the process keeps nothing open.
    expect(Date.now() - startedMs).toBeLessThan(75_000);
    const { checks }: { checks: { check: string; status: string }[] } = JSON.parse(stdout);
    const failed = checks.filter(({ status }) => status === 'fail').map(({ check }) => check);
    const asked = ['gateway', 'redis', 'postgres', 'cassandra', 'mail', 'turn', 'bucket'];
    expect(failed).toEqual(expect.arrayContaining(asked));
    const isContent = (name: string) =>
      checks.some(({ check, status }) => check === name && status === 'ok');
    expect(asked.filter(isContent)).toEqual([]);
  });
});
