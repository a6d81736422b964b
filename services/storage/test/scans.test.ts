import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createMetrics } from '@secureconnect/service';
import { eventually, freePort, ownS3SkipReason, testS3 } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScanHookMode } from '../src/scan/scan-hook-mode.ts';
import { Scans } from '../src/scan/scans.ts';
import { log, openTestContext } from './context.ts';
import { send, startStorage, type TestStorage } from './harness.ts';

const eicar = Buffer.from(
  `${'X5O!P%@AP[4\\PZX54(P^)7CC)7}$'}EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`,
);
const clean = Buffer.from('nothing to be seen');
const file = join(import.meta.dirname, '../examples/scan-hook.ts');

interface Hook extends AsyncDisposable {
  readonly url: string;
}

/** The example, in a process of its own. */
async function startHook(port = 0): Promise<Hook> {
  const child: ChildProcess = spawn(process.execPath, [file, String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { stdout } = child;
  if (stdout === null) throw new Error('the hook has no output');
  const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string];
  const dispose = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { url: `http://127.0.0.1:${/\d+$/.exec(line)?.[0]}/`, [Symbol.asyncDispose]: dispose };
}

const sent = async (storage: TestStorage, user: TestUser, bytes: Buffer, fields: object = {}) => {
  const target = await storage.reserve(user, bytes, fields);
  await send(storage.reach(target.upload_url), bytes, target.headers);
  return target.file_id;
};
const complete = (storage: TestStorage, { token }: TestUser, fileId: string) =>
  storage.call('POST', '/v1/storage/upload-complete', { token, body: { file_id: fileId } });
const status = async (storage: TestStorage, user: TestUser, fileId: string) =>
  (await complete(storage, user, fileId)).body.data?.['status'];

describe('the example of a scan hook', () => {
  it('accepts a clean file and deletes an infected one, in a directory', async () => {
    await using hook = await startHook();
    const STORAGE_PORT = String(await freePort());
    const environment = {
      SCAN_URL: hook.url,
      STORAGE_PUBLIC_URL: `http://127.0.0.1:${STORAGE_PORT}`,
    };
    await using storage = await startStorage({ environment, port: Number(STORAGE_PORT) });
    const user = someone();
    const fileId = await sent(storage, user, clean);
    expect(await status(storage, user, fileId)).toBe('uploaded');
    expect(await (await fetch(await storage.downloadUrl(user, fileId))).text()).toBe(String(clean));
    const before = await storage.stored();
    const infected = await sent(storage, user, Buffer.concat([clean, eicar]));
    expect((await complete(storage, user, infected)).status).toBe(404);
    expect(await storage.stored()).toEqual(before);
    expect(await storage.quota(user)).toMatchObject({ used: clean.length });
    const metrics = (await storage.call('GET', '/metrics')).text;
    expect(metrics).toContain('storage_scans_total{verdict="clean"} 1');
    expect(metrics).toContain('storage_scans_total{verdict="infected"} 1');
  });

  it.skipIf(ownS3SkipReason !== '')(`reads from an S3 too${ownS3SkipReason}`, async () => {
    await using hook = await startHook();
    await using s3 = await testS3('versitygw');
    await using storage = await startStorage({ s3, environment: { SCAN_URL: hook.url } });
    const user = someone();
    expect(await status(storage, user, await sent(storage, user, clean))).toBe('uploaded');
    const infected = await sent(storage, user, eicar);
    expect((await complete(storage, user, infected)).status).toBe(404);
  });
});

describe('a file in quarantine', () => {
  it('waits out of reach while the hook is down, and is released when it is back', async () => {
    const port = await freePort();
    const storagePort = await freePort();
    const environment = {
      SCAN_URL: `http://127.0.0.1:${port}/`,
      STORAGE_PUBLIC_URL: `http://127.0.0.1:${storagePort}`,
    };
    let nowMs = Date.now();
    const now = () => nowMs;
    await using storage = await startStorage({
      environment,
      port: storagePort,
      overrides: { now },
    });
    const user = someone();
    const { token } = user;
    const fileId = await sent(storage, user, clean);
    const completed = await complete(storage, user, fileId);
    expect(completed.body.data?.['status']).toBe('pending');
    expect(completed.headers.get('x-degraded')).toBe('scans=skip;dependency=scan_hook');
    // Said again, it is neither asked for bytes nor for another scan at once.
    expect(await status(storage, user, fileId)).toBe('pending');
    const download = `/v1/storage/download-url/${fileId}`;
    expect((await storage.call('GET', download, { token })).status).toBe(409);
    expect(await storage.quota(user)).toMatchObject({ used: 0 });
    // A reservation that has ended takes nothing away from quarantine.
    const context = await openTestContext(storage, { now, environment });
    nowMs += 2 * 60 * 60_000;
    await using _hook = await startHook(port);
    await Promise.all([context.scans.runDue(), context.scans.runDue()]);
    await eventually(async () => expect(await status(storage, user, fileId)).toBe('uploaded'));
    expect(await storage.quota(user)).toMatchObject({ used: clean.length });
  });

  it('stays there after a mistake, which is no outage of the hook, and can be deleted', async () => {
    const environment = { SCAN_URL: `http://127.0.0.1:${await freePort()}/` };
    await using storage = await startStorage({ environment });
    const user = someone();
    const fileId = await sent(storage, user, clean);
    expect(await status(storage, user, fileId)).toBe('pending');
    const context = await openTestContext(storage);
    const mode = createScanHookMode('storage');
    const mistake = new TypeError('asked is not a function');
    const scans = new Scans({
      ...{ ...context, mode, log, metrics: createMetrics(), encrypted: false, timeoutMs: 1000 },
      ask: () => Promise.reject(mistake),
      now: () => Date.now() + 60 * 60_000,
    });
    await expect(scans.scan(fileId)).rejects.toBe(mistake);
    await scans.runDue(); // The file is not due again, so the mistake is not repeated at once.
    expect(mode.availability.state).toBe('unknown'); // One failure of the hook would end that.
    expect(await status(storage, user, fileId)).toBe('pending');
    const path = `/v1/storage/files/${fileId}`;
    const reply = await storage.call('DELETE', path, { token: user.token });
    expect(reply.body.data?.['status']).toBe('deleted');
    expect(await storage.stored()).toEqual([]);
    expect(await storage.quota(user)).toMatchObject({ used: 0, available: 10 * 1024 ** 3 });
  });
});

describe('a scanning program', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scan-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const program = async (name: string, script: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  };

  it('says by its exit code whether the file is clean, and runs again if it cannot tell', async () => {
    const unsure = join(folder, 'unsure');
    const command = await program(
      'scan.sh',
      `[ -e "${unsure}" ] && exit 2\nif grep -q EICAR "$1"; then exit 1; else exit 0; fi`,
    );
    let nowMs = Date.now();
    const environment = { SCAN_COMMAND: command };
    const now = () => nowMs;
    await using storage = await startStorage({ environment, overrides: { now } });
    const user = someone();
    expect(await status(storage, user, await sent(storage, user, clean))).toBe('uploaded');
    const infected = await complete(storage, user, await sent(storage, user, eicar));
    expect(infected.status).toBe(404);
    await writeFile(unsure, '');
    const fileId = await sent(storage, user, clean);
    expect(await status(storage, user, fileId)).toBe('pending');
    await rm(unsure);
    nowMs += 60_000;
    const context = await openTestContext(storage, { now, environment });
    await context.scans.runDue();
    expect(await status(storage, user, fileId)).toBe('uploaded');
  });

  it('counts as down if it cannot be started', async () => {
    const environment = { SCAN_COMMAND: join(folder, 'not-there') };
    await using storage = await startStorage({ environment });
    const user = someone();
    expect(await status(storage, user, await sent(storage, user, clean))).toBe('pending');
  });

  it.each([
    ['false', 'uploaded'],
    ['true', 'pending'],
  ])('and encrypted files, with SCAN_ENCRYPTED=%s: %s', async (SCAN_ENCRYPTED, expected) => {
    const environment = { SCAN_COMMAND: await program('never.sh', 'exit 2'), SCAN_ENCRYPTED };
    await using storage = await startStorage({ environment });
    const user = someone();
    const fileId = await sent(storage, user, clean, { is_encrypted: true });
    expect(await status(storage, user, fileId)).toBe(expected);
  });
});
