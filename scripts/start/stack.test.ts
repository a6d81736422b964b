import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort, isRunning, readPidFile } from '@secureconnect/embedded';
import { eventually } from '@secureconnect/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeStackFolder } from './fake-stack.ts';

let folder: FakeStackFolder;
beforeEach(() => {
  folder = new FakeStackFolder();
});
afterEach(() => folder.remove());

const runs = /SecureConnect is running/;
/** The file that says why it has stopped. */
const lastStop = (): string => readFileSync(inFolder('last-stop'), 'utf8');
const inFolder = (...parts: string[]) => join(folder.root, '.data', ...parts);

/** Waits until none of these processes runs. */
const allEnd = (pids: number[]) => eventually(() => expect(pids.filter(isRunning)).toEqual([]));

describe('a stack', () => {
  it('starts what is missing, gives it to the services, and ends all of it on SIGTERM', async () => {
    const stack = await folder.start({ DATABASE_URL: '' });
    await stack.prints(runs);
    const one = await stack.ask('one');
    const two = await stack.ask('two');
    const { DATABASE_URL, REDIS_URL, JWT_SECRET, FACTOR_SECRET, SIGNALS_TOKEN } = one.environment;
    expect(DATABASE_URL).toMatch(/^postgresql:\/\/secureconnect:.{24}@127\.0\.0\.1:\d+\/postgres$/);
    expect(REDIS_URL).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    expect(JWT_SECRET).toHaveLength(64);
    expect(SIGNALS_TOKEN).toHaveLength(64);
    expect(FACTOR_SECRET).toHaveLength(64);
    expect(new Set([JWT_SECRET, FACTOR_SECRET, SIGNALS_TOKEN]).size).toBe(3);
    expect(one.environment['STORAGE_DIRECTORY']).toBe(inFolder('files'));
    for (const secret of ['jwt-secret', 'factor-secret', 'signals-token']) {
      expect(statSync(inFolder(secret)).mode & 0o777).toBe(0o600);
    }
    const postgres = readPidFile(inFolder('postgres/data/postmaster.pid')) ?? 0;
    const redis = readPidFile(inFolder('redis/redis.pid')) ?? 0;

    stack.starter.kill('SIGTERM');
    expect(await stack.exited).toBe(0);
    expect(stack.output().match(/ends with Redis up/g)).toHaveLength(2);
    expect(stack.lastError()).toBe('Stopped because it got SIGTERM.');
    expect(stack.output()).not.toContain(new URL(DATABASE_URL ?? '').password);
    await allEnd([one.pid, two.pid, postgres, redis]);
    expect(existsSync(inFolder('starter.lock'))).toBe(false);
  });

  it('says at its next start that it stopped with its shell, and how to keep it running', async () => {
    const stack = await folder.start();
    await stack.prints(runs);
    stack.starter.kill('SIGHUP');
    expect(await stack.exited).toBe(0);
    const next = await folder.start();
    await next.prints(
      /The last run stopped at \S+: it got SIGHUP: .* To keep it running .*nohup npm start/,
    );
  });

  it('leaves no process when it is killed with -9, and starts again on its data', async () => {
    const stack = await folder.start({ DATABASE_URL: '' });
    await stack.prints(runs);
    const one = await stack.ask('one');
    const two = await stack.ask('two');
    const postgres = readPidFile(inFolder('postgres/data/postmaster.pid')) ?? 0;
    const redis = readPidFile(inFolder('redis/redis.pid')) ?? 0;
    stack.starter.kill('SIGKILL');

    const next = await folder.start({ DATABASE_URL: '' });
    await next.prints(runs);
    await allEnd([one.pid, two.pid, postgres, redis]);
    expect((await next.ask('one')).environment['JWT_SECRET']).toBe(one.environment['JWT_SECRET']);
  });

  it('ends when the process that started it is killed with -9', async () => {
    const stack = await folder.start({}, { wrapped: true });
    await stack.prints(runs);
    const { pid } = await stack.ask('one');
    stack.starter.kill('SIGKILL');
    await stack.prints(/Stopped because its parent process ended\.\n/);
    expect(stack.lastError()).toBe('Stopped because its parent process ended.');
    expect(lastStop()).toContain('its parent process ended');
    await allEnd([pid]);
    await eventually(() => expect(existsSync(inFolder('starter.lock'))).toBe(false));
  });

  it('says why it stops when its terminal is closed, also where nobody reads it', async () => {
    const stack = await folder.start();
    await stack.prints(runs);
    stack.starter.kill('SIGHUP');
    expect(await stack.exited).toBe(0);
    const why = 'Stopped because it got SIGHUP: its terminal or shell was closed.';
    expect(stack.lastError()).toBe(why);

    // Both ends of its output are closed, as when a terminal has gone.
    const unread = await folder.start();
    await unread.prints(runs);
    for (const stream of [unread.starter.stdout, unread.starter.stderr]) stream?.destroy();
    unread.starter.kill('SIGTERM');
    await unread.exited;
    expect(lastStop()).toMatch(/^\d{4}-\S+Z it got SIGTERM\n$/);
  });

  it('stops when its output cannot be written, and says so', async () => {
    const stack = await folder.start({ FAKE_CHATTER: '1', FAKE_TERMINAL: '1' });
    await stack.prints(runs);
    stack.starter.stdout?.destroy();
    await stack.exited;
    expect(stack.lastError()).toMatch(
      /^Stopped because its output cannot be written: write EPIPE\.$/,
    );
    expect(lastStop()).toContain('its output cannot be written');
  });

  it('stops while it still sets up', async () => {
    const stack = await folder.start({ DATABASE_URL: '' });
    await stack.prints(/starting PostgreSQL/);
    stack.starter.kill('SIGINT');
    expect(await stack.exited).toBe(0);
    expect(stack.output()).toContain('Stopping: it got SIGINT, as by Ctrl-C.');
    expect(stack.output()).not.toContain('starting one');
  });

  it('ends with code 1 when a service ends, and says which', async () => {
    const stack = await folder.start();
    await stack.prints(runs);
    const { pid } = await stack.ask('one');
    process.kill((await stack.ask('two')).pid, 'SIGKILL');
    expect(await stack.exited).toBe(1);
    expect(stack.output()).toContain('Stopping: two stopped unexpectedly (SIGKILL).');
    expect(stack.lastError()).toBe('Stopped because two stopped unexpectedly (SIGKILL).');
    await allEnd([pid]);
  });

  it('ends with code 1 when a service does not start', async () => {
    const stack = await folder.start({ FAKE_SERVICE_FAILS: 'two' });
    expect(await stack.exited).toBe(1);
    expect(stack.output()).toContain('Stopping: two stopped unexpectedly (exit code 3).');
  });

  it('ends with code 1 and shows why when the migrations fail', async () => {
    const stack = await folder.start({ FAKE_MIGRATION_FAILS: '1' });
    expect(await stack.exited).toBe(1);
    expect(stack.output()).toMatch(/database migrations failed \(exit code 2\):\nno such table/);
  });
});

describe('Redis below a stack', () => {
  it('may be ended and brought back by the commands shown; that one is ended too', async () => {
    const stack = await folder.start();
    const [, end = '', again = ''] = await stack.prints(
      /^ {2}(kill .*)\n {2}(\S+ .*redis\.conf)$/m,
    );
    const runHere = (command: string) =>
      spawnSync('/bin/sh', ['-c', command], { cwd: folder.root }).status;
    expect(runHere(end)).toBe(0);
    await stack.prints(/Redis stopped \(exit code 0\); the stack continues in degraded mode/);
    expect(runHere(again)).toBe(0);
    const redis = await eventually(() => {
      const pid = readPidFile(inFolder('redis/redis.pid'));
      if (pid === undefined) throw new Error('Redis has not written its pid yet');
      return pid;
    });
    stack.starter.kill('SIGTERM');
    expect(await stack.exited).toBe(0);
    await allEnd([redis]);
  });

  it('is stopped and started by the switch of the demo, also if a person has started it', async () => {
    const stack = await folder.start();
    const [, , again = ''] = await stack.prints(/^ {2}(kill .*)\n {2}(\S+ .*redis\.conf)$/m);
    const { DEMO_REDIS_SWITCH = '' } = (await stack.ask('one')).environment;
    const order = async (isRunning: boolean) => {
      const body = `{"is_running":${isRunning}}`;
      const response = await fetch(DEMO_REDIS_SWITCH, { method: 'PUT', body });
      return response.json();
    };
    const redisPid = () => readPidFile(inFolder('redis/redis.pid'));
    const first = redisPid() ?? 0;
    expect(await order(false)).toEqual({ is_running: false });
    expect(isRunning(first)).toBe(false);
    expect(await order(true)).toEqual({ is_running: true });
    const second = redisPid() ?? 0;
    expect(isRunning(second)).toBe(true);

    await order(false);
    spawnSync('/bin/sh', ['-c', again], { cwd: folder.root });
    const byHand = await eventually(() => redisPid() ?? expect.fail('no Redis yet'));
    expect(await order(false)).toEqual({ is_running: false });
    expect(isRunning(byHand)).toBe(false);
    await order(true);
    const last = redisPid() ?? 0;
    stack.starter.kill('SIGTERM');
    expect(await stack.exited).toBe(0);
    await allEnd([last]);
  });

  it('may be absent: the stack runs and says how to get it', async () => {
    const stack = await folder.start({ PATH: '/nowhere', SECURECONNECT_NO_INSTALL: '1' });
    await stack.prints(/Redis is not installed, so every service is degraded/);
    expect(stack.output()).toContain('SECURECONNECT_NO_INSTALL=1 forbids it');
    const { REDIS_URL = '', DEMO_REDIS_SWITCH } = (await stack.ask('one')).environment;
    expect(DEMO_REDIS_SWITCH).toBeUndefined();
    const config = readFileSync(inFolder('redis/redis.conf'), 'utf8');
    expect(config).toContain(`port ${new URL(REDIS_URL).port}\n`);
  });
});

describe('before anything is started', () => {
  it('names every port in use and the variable that changes it', async () => {
    const occupant = createServer();
    const port = await freePort();
    await once(occupant.listen(port, '127.0.0.1'), 'listening');
    const stack = await folder.start({ ONE_PORT: String(port), DATABASE_URL: '' });
    expect(await stack.exited).toBe(1);
    expect(stack.output()).toBe(
      `Port ${port}, for one, is in use. Stop what uses it, or set ONE_PORT.\n`,
    );
    expect(existsSync(inFolder('postgres'))).toBe(false);
    await new Promise((resolve) => occupant.close(resolve));
  });

  it('refuses a data directory that another starter uses', async () => {
    const first = await folder.start();
    await first.prints(runs);
    const second = await folder.start();
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain(`is in use by process ${first.starter.pid}.`);
    expect((await first.ask('one')).pid).toBeGreaterThan(0);
  });

  it('names everything that production lacks', async () => {
    const stack = await folder.start({ NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32) });
    expect(await stack.exited).toBe(1);
    expect(stack.output()).toBe(
      'In production nothing is embedded, generated or installed. Not set: REDIS_URL (or ' +
        'REDIS_SENTINELS with REDIS_MASTER_NAME, or REDIS_CLUSTER), FACTOR_SECRET, SIGNALS_TOKEN, STORAGE_DIRECTORY (or S3_ENDPOINT), ' +
        'SMTP_URL.\n',
    );
    expect(existsSync(inFolder())).toBe(false);
  });
});
