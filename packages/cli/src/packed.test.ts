import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPacked, promisedNodes } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);

/** An empty folder into which the tarball was installed, without a network. */
let folder: string;
beforeAll(async () => {
  folder = await installPacked('cli');
});
afterAll(() => rm(folder, { recursive: true }));

const bin = () => join(folder, 'node_modules/.bin/secureconnect');

describe('the packed program, installed in an empty folder', () => {
  describe.each(promisedNodes)('under $name', ({ node, skipReason }) => {
    it.skipIf(skipReason)(`shows its help and its version${skipReason}`, async () => {
      const help = await run(node, [bin(), '--help']);
      expect(help.stdout).toContain('whoami');
      const manifest = join(folder, 'node_modules/secureconnect/package.json');
      const { version } = JSON.parse(await readFile(manifest, 'utf8'));
      expect((await run(node, [bin(), '--version'])).stdout).toBe(`${version}\n`);
    });

    it.skipIf(skipReason)(`says what to do where nobody is signed in${skipReason}`, async () => {
      const env = { SECURECONNECT_HOME: join(folder, 'kept') };
      const whoami = run(node, [bin(), 'whoami'], { env });
      await expect(whoami).rejects.toMatchObject({
        code: 3,
        stdout: '',
        stderr: 'error: Nobody is signed in; run "secureconnect login" first.\n',
      });
    });
  });

  describe.each(promisedNodes)('under $name, the doctor', ({ node, skipReason }) => {
    it.skipIf(skipReason)(`asks servers with the libraries within${skipReason}`, async () => {
      const env = {
        DATABASE_URL: 'postgresql://me:secret-of-mine@127.0.0.1:1/chat',
        REDIS_URL: 'redis://127.0.0.1:1',
        SMTP_URL: 'smtp://127.0.0.1:1',
        ...{ S3_ENDPOINT: 'http://127.0.0.1:1', S3_PUBLIC_ENDPOINT: 'http://127.0.0.1:1' },
        ...{ S3_REGION: 'here', S3_BUCKET: 'files', S3_ACCESS_KEY: 'me', S3_SECRET_KEY: 'mine' },
      };
      const doctor = run(node, [bin(), 'doctor', '--json'], { env });
      const { code, stdout } = await doctor.then(
        (done) => ({ ...done, code: 0 }),
        (error: { code: number; stdout: string }) => error,
      );
      expect(code).toBe(1);
      expect(stdout).not.toContain('secret-of-mine');
      const { checks }: { checks: { check: string; status: string; found?: string }[] } =
        JSON.parse(stdout);
      for (const name of ['redis', 'postgres', 'mail', 'bucket']) {
        const found = expect.stringContaining('ECONNREFUSED');
        expect(checks.find(({ check }) => check === name)).toMatchObject({ status: 'fail', found });
      }
    });
  });

  it('contains the licences of its libraries', async () => {
    const file = join(folder, 'node_modules/secureconnect/THIRD-PARTY-LICENSES.md');
    const text = await readFile(file, 'utf8');
    const names = [...text.matchAll(/^## (\S+) /gm)].map(([, name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['commander', 'ioredis', 'minio', 'nodemailer', 'pg', 'ws']),
    );
  });
});
