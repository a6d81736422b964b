import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isRunning, ServerStartError } from '@secureconnect/degraded-mode/servers';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from './postgres.ts';
import { PostgresCluster } from './postgres-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'secureconnect-postgres-'));
const options = { dataDir: folder, durable: false };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('startPostgres', () => {
  it('creates a database with a password that only its owner can read, and stops', async () => {
    const steps: string[] = [];
    const server = await startPostgres({ ...options, log: (line) => steps.push(line) });
    expect(steps).toEqual(['creating a PostgreSQL database']);
    expect(new URL(server.url).password).toHaveLength(24);
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
    expect(isRunning(server.pid)).toBe(true);
    await server.stop();
    expect(await server.ended).toBe('exit code 0');
    expect(isRunning(server.pid)).toBe(false);
  });

  it('starts again on what is there, with the same password', async () => {
    const first = await startPostgres(options);
    await first.stop();
    const second = await startPostgres(options);
    await second.stop();
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
  });

  it('starts again at once after a crash', async () => {
    const first = await startPostgres(options);
    process.kill(first.pid, 'SIGKILL');
    const second = await startPostgres(options);
    expect(await first.ended).toBe('SIGKILL');
    expect(isRunning(second.pid)).toBe(true);
    await second.stop();
  });

  it('is not misled by a pid file whose number now belongs to a different process', async () => {
    const cluster = new PostgresCluster(folder);
    writeFileSync(cluster.pidFile, `${process.pid}\n${cluster.data}\n0\n1\n\n\n\nready\n`);
    const server = await startPostgres(options);
    expect(server.pid).not.toBe(process.pid);
    await server.stop();
  });

  it('says that another PostgreSQL runs on the folder', async () => {
    const server = await startPostgres(options);
    await expect(new PostgresCluster(folder).awaitUnused(50)).rejects.toThrow(
      `PostgreSQL process ${server.pid} is already running on`,
    );
    await server.stop();
  });

  it('shows the end of the log when it does not start', async () => {
    const port = await freePort();
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(port, '127.0.0.1', resolve));
    const failure = startPostgres({ ...options, port });
    await expect(failure).rejects.toThrow(ServerStartError);
    await expect(failure).rejects.toThrow(/exit code 1[\s\S]*Address already in use/);
    await new Promise((resolve) => occupant.close(resolve));
  });
});
