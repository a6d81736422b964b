import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, preparedExport, programSkipReason, textField } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { keepLargeFile, saveTo } from '../services/storage/test/large-file.ts';
import { createWorld } from './conformance/world.ts';
import { startStack } from './support/stack.ts';
import { openTestDatabase } from './support/test-database.ts';

const run = promisify(execFile);
const largeBytes = 200 * 1024 * 1024;
const withoutUnzip = programSkipReason(['unzip']);

it.skipIf(withoutUnzip !== '')(
  `an archive that breaks off behind the gateway is seen as such, and comes whole the next time${withoutUnzip}`,
  { timeout: 120_000 },
  async () => {
    await using stack = await startStack({}, { processes: ['storage'] });
    const { storage } = stack.processes;
    const world = createWorld(stack);
    const user = await world.user();
    const database = openTestDatabase(stack.databaseUrl, { maxConnections: 1 });
    const directory = join(stack.directory, 'objects');
    await keepLargeFile({ database, directory }, user.userId, largeBytes);
    await database.close();
    const { token } = await preparedExport(world, user);
    const link = await world.data('auth', 'POST', '/v1/users/me/export/link', { token });
    const url = `${stack.urls.gateway}${textField(link, 'download_path')}`;
    const file = join(stack.directory, 'export.zip');

    let killed: Promise<void> | undefined;
    const cut = saveTo(file, url, (count) => {
      if (count > largeBytes / 2) killed ??= storage?.end('SIGKILL');
    });
    await expect(cut).rejects.toThrow();
    await killed;
    await expect(run('unzip', ['-t', file])).rejects.toThrow();

    await storage?.start();
    await eventually(() => saveTo(file, url), { timeoutMs: 30_000, intervalMs: 500 });
    await run('unzip', ['-t', file]);
  },
);
