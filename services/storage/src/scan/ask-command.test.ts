import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FileRow } from '../stores/file-row.ts';
import { askCommand } from './ask-command.ts';

const file: FileRow = {
  fileId: '5e9f6c1c-0f3e-4b1c-8f57-2d2d0c1d6a01',
  ownerId: '5e9f6c1c-0f3e-4b1c-8f57-2d2d0c1d6a02',
  conversationId: undefined,
  fileName: 'notes.txt',
  sizeBytes: 1,
  contentType: 'text/plain',
  isEncrypted: false,
  status: 'quarantined',
  announcedSha256: undefined,
  partBytes: undefined,
  uploadId: undefined,
  generation: 0,
  objectId: undefined,
  sha256: undefined,
  createdAt: new Date(),
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ask-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A program that would run for a minute. */
async function slowProgram(name: string, firstLine: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${firstLine}\nfor i in $(seq 600); do sleep 0.1; done\n`);
  await chmod(path, 0o755);
  return path;
}

const ask = (command: string): Promise<string> => {
  const transfers = { scanPlace: async () => '/dev/null' };
  return askCommand({ command, timeoutMs: 100, endingMs: 100, transfers })(file);
};

const failedBy = (signal: string) => ({
  name: 'ScanHookFailed',
  cause: { message: `the scanning program was ended by ${signal}` },
});

it('a program that takes too long counts as down, not as one that cannot tell', async () => {
  await expect(ask(await slowProgram('slow', ':'))).rejects.toMatchObject(failedBy('SIGTERM'));
});

it('one that ignores the request to end is killed', async () => {
  const stubborn = await slowProgram('stubborn', "trap '' TERM");
  await expect(ask(stubborn)).rejects.toMatchObject(failedBy('SIGKILL'));
});
