import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isRunning, readPidFile } from './processes.ts';
import { startRedis } from './redis.ts';
import { findRedis } from './redis-programs.ts';
import type { RedisServer } from './redis-server.ts';
import { holdsWithin } from './wait.ts';

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'secureconnect redis "-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The first line of the reply to an inline command; 'no reply' after half a second without one. */
const ask = ({ port }: RedisServer, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(`${command}\r\n`));
    const finish = (answer: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => finish('no reply'));
    socket.once('error', reject);
    socket.once('data', (data) => finish(data.toString().split('\r\n')[0] ?? ''));
  });

describe('a Redis server', () => {
  it('is killed and comes back on the same port with its data', async () => {
    const redis = await startRedis({ dir: newFolder(), durable: true });
    expect(await ask(redis, 'SET key value')).toBe('+OK');
    const { pid, port } = redis;
    await redis.kill();
    expect(await redis.ended).toBe('SIGKILL');
    await expect(ask(redis, 'PING')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await redis.restart();
    expect(redis.port).toBe(port);
    expect(redis.pid).not.toBe(pid);
    expect(await ask(redis, 'EXISTS key')).toBe(':1');
    await redis.stop();
  });

  it('comes back empty on request', async () => {
    const redis = await startRedis({ dir: newFolder() });
    await ask(redis, 'SET key value');
    await redis.restart({ empty: true });
    expect(await ask(redis, 'EXISTS key')).toBe(':0');
    await redis.stop();
  });

  it('freezes without closing connections, thaws, and is stopped while frozen', async () => {
    const redis = await startRedis({ dir: newFolder() });
    redis.freeze();
    expect(await ask(redis, 'PING')).toBe('no reply');
    redis.thaw();
    expect(await ask(redis, 'PING')).toBe('+PONG');
    redis.freeze();
    await redis.stop();
    expect(await redis.ended).toBe('exit code 0');
  });

  it('can be stopped and started by hand; the next start ends that one', async () => {
    const dir = newFolder();
    const redis = await startRedis({ dir });
    await ask(redis, 'SET key value');
    const { config, pidFile } = redis.files;
    spawnSync('/bin/sh', ['-c', 'kill $(cat "$0")', pidFile]);
    expect(await redis.ended).toBe('exit code 0');
    expect(spawnSync(findRedis() ?? '', [config]).status).toBe(0);
    const hasKey = () =>
      ask(redis, 'EXISTS key').then(
        (answer) => answer === ':1',
        () => false,
      );
    expect(await holdsWithin(hasKey, { timeoutMs: 5000 })).toBe(true);
    const byHand = readPidFile(pidFile) ?? 0;
    expect(redis.files.runningPid()).toBe(byHand);

    const steps: string[] = [];
    const next = await startRedis({ dir, log: (line) => steps.push(line) });
    expect(steps).toEqual(['stopping a Redis that an earlier run left behind']);
    expect(isRunning(byHand)).toBe(false);
    expect(await ask(next, 'EXISTS key')).toBe(':1');
    await next.stop();
  });

  it('shows the end of its log when the port is in use, even by a different Redis', async () => {
    const occupant = await startRedis({ dir: newFolder() });
    await expect(startRedis({ dir: newFolder(), port: occupant.port })).rejects.toThrow(
      /Redis did not start \(exit code 1\)[\s\S]*Address already in use/,
    );
    await occupant.stop();
  });
});
