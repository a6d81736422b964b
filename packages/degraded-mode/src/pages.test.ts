import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkApp, type Samples } from './testing/index.ts';

const own = join(import.meta.dirname, '..');
const faults = ['killed and restarted with', 'frozen'];

/** Samples of the rows that need one, by page. */
const pages: Readonly<Record<string, Samples>> = {
  'from-express-rate-limit': { limiter: { method: 'GET', path: '/prices' } },
  'from-circuit-breakers': {
    'GET /carts/:id': { path: '/carts/ada' },
    'POST /carts/:id/orders': { path: '/carts/ada/orders' },
  },
  'from-status-checks': {},
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
  await mkdir(join(folder, 'node_modules/@secureconnect'), { recursive: true });
  await symlink(own, join(folder, 'node_modules/@secureconnect/degraded-mode'));
  for (const name of ['express', 'express-rate-limit']) {
    await symlink(join(own, 'node_modules', name), join(folder, 'node_modules', name));
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('the app of a page', { timeout: 60_000 }, () => {
  it.concurrent.each(Object.entries(pages))('%s does what it declares', async (page, samples) => {
    const text = await readFile(join(own, `docs/${page}.md`), 'utf8');
    const [, code = ''] = /^```ts\n(.*?)^```$/ms.exec(text) ?? [];
    const app = join(folder, `${page}.mjs`);
    await writeFile(app, stripTypeScriptTypes(code));
    const command = [process.execPath, app];
    const { wrong } = await checkApp({ command, samples, faults, limitMs: 5000 });
    expect(wrong).toEqual([]);
  });
});
