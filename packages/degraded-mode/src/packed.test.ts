import { execFile } from 'node:child_process';
import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { compilerErrors, installPacked, promisedNodes } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectPricesAsTheReadmeSays } from '../test/prices-example.ts';
import { expectAsTheReadmeSays } from '../test/readme-example.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const examples = join(import.meta.dirname, '../examples');
const example = join(examples, 'ten-lines.ts');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** It compiles the package twice, which takes a minute where other tests share the machine. */
const packLimitMs = 180_000;

/** An empty folder into which the tarball was installed, beside the peers of this repository. */
let folder: string;
beforeAll(async () => {
  folder = await installPacked('degraded-mode');
  const peers = ['express', 'express-rate-limit', 'express-session', 'ioredis', 'redis'];
  for (const peer of [...peers, '@types/express-session'])
    await link(peer, join(root, 'packages/degraded-mode'));
  for (const types of ['@types/express', '@types/node']) await link(types, root);
}, packLimitMs);
afterAll(() => rm(folder, { recursive: true }));

const compileOptions = (project: string) => ['--noEmit', '--types', 'node', '-p', project];

async function link(name: string, from: string): Promise<void> {
  const path = join(folder, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(from, 'node_modules', name), path);
}

describe('the packed package, installed in an empty folder', () => {
  it('compiles the README’s example, over both clients, with the settings of tsc --init', async () => {
    await copyFile(example, join(folder, 'shop.ts'));
    await writeFile(join(folder, 'shop-over-node-redis.ts'), await overNodeRedis());
    await run(process.execPath, [compiler, '--init'], { cwd: folder });
    const { stdout } = await run(process.execPath, [compiler, ...compileOptions(folder)]);
    expect(stdout).toBe('');
  });

  it('compiles the other examples of the README and the pages', async () => {
    const pages = ['from-express-rate-limit', 'from-circuit-breakers', 'from-status-checks'];
    const names = ['README.md', ...pages.map((page) => `docs/${page}.md`)];
    const texts = names.map((name) => readFile(join(root, 'packages/degraded-mode', name), 'utf8'));
    const text = (await Promise.all(texts)).join('\n');
    const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
    const isWhole = (code: string): boolean => code.startsWith('import ');
    for (const [index, code] of blocks.filter(isWhole).entries()) {
      await writeFile(join(folder, `whole-${index}.ts`), code);
    }
    const [connecting = '', declaring = '', ...more] = blocks.filter((code) => !isWhole(code));
    expect([connecting, declaring, more]).toEqual([
      expect.stringContaining('await connect('),
      expect.stringContaining('route.declared('),
      [],
    ]);
    await writeFile(
      join(folder, 'connecting.ts'),
      `import { readFileSync } from 'node:fs';
       import { connect } from '@secureconnect/degraded-mode/ioredis';
       import type { Redis } from 'ioredis';
       declare function publishStock(redis: Redis): Promise<void>;
       ${connecting}
       export { close, mode, monitor, redis };`,
    );
    const links = '{ find(code: string): Promise<string> }';
    const limits = '{ take(address: string): Promise<void> }';
    await writeFile(
      join(folder, 'declared.ts'),
      `import { type DegradedMode, definePorts, failOpen } from '@secureconnect/degraded-mode';
       import { degradedRoutes } from '@secureconnect/degraded-mode/express';
       import express from 'express';
       export function declare(mode: DegradedMode, links: ${links}, limits: ${limits}): void {
         const app = express();
         const route = degradedRoutes(app, mode, definePorts({
           links: { redis: links, durable: links },
           limits: { redis: limits, local: limits },
         }));
         ${declaring}
       }`,
    );
    const { stdout } = await run(process.execPath, [compiler, ...compileOptions(folder)]);
    expect(stdout).toBe('');
  });

  it('compiles with the types of Express 4, and refuses a row that names an unknown port', async () => {
    const other = await mkdtemp(join(folder, 'express-4-'));
    const own = 'node_modules/@secureconnect/degraded-mode';
    // A copy finds the types beside it; a link would find those of Express 5.
    await cp(join(folder, own), join(other, own), { recursive: true });
    await mkdir(join(other, 'node_modules/@types'));
    await symlink(
      join(root, 'packages/degraded-mode/node_modules/@types/express-4'),
      join(other, 'node_modules/@types/express'),
    );
    const right = await readFile(example, 'utf8');
    const compilerOptions = { noEmit: true, types: ['node'] };
    const files = {
      'tsconfig.json': JSON.stringify({ extends: '../tsconfig.json', compilerOptions }),
      'right.ts': right,
      'unknown-port.ts': right.replace('{ visits: failOpen', '{ vists: failOpen'),
      // Express 5 has no such method.
      'of-express-4.ts': `import type { Request } from 'express';
        export const userOf = (request: Request): string => request.param('user');`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(other, name), text);
    const errors = await compilerErrors(other);
    expect([...errors.keys()]).toEqual(['unknown-port']);
    expect(errors.get('unknown-port')?.join('\n')).toContain(
      '"there is no port vists; the ports are"',
    );
  });

  describe.each(promisedNodes)('under $name', ({ node, skipReason }) => {
    it.skipIf(skipReason)(`does what the README says${skipReason}`, async () => {
      const script = join(folder, 'shop.js');
      await writeFile(script, stripTypeScriptTypes(await readFile(example, 'utf8')));
      await expectAsTheReadmeSays({ node, script });
    });

    it.skipIf(skipReason)(`checks an app by its command${skipReason}`, async () => {
      const command = join(folder, 'node_modules/.bin/degraded-mode');
      const options = ['--param', 'user=ada', '--faults', 'killed and restarted with'];
      const { stdout } = await run(node, [command, 'check', 'shop.js', ...options], {
        cwd: folder,
      });
      expect(stdout).toMatch(/^GET \/visits {10}· {2}S$/m);
      expect(stdout).toMatch(/^DELETE \/carts\/:user {2}· {2}R$/m);
      expect(stdout).toContain('2 rows × 2 modes, 0 wrong');
    });

    it.skipIf(skipReason)(`is found by require() as well${skipReason}`, async () => {
      const ask = `const { failOpen } = require('@secureconnect/degraded-mode');
        console.log(failOpen.local().kind, typeof require('@secureconnect/degraded-mode/bind').Rows)`;
      const { stdout } = await run(node, ['--input-type=commonjs', '-e', ask], { cwd: folder });
      expect(stdout).toBe('local function\n');
    });
  });

  it('ends its check with 1 at an undeclared outcome, and with 2 where it cannot try', async () => {
    const text = stripTypeScriptTypes(await readFile(example, 'utf8'));
    expect(text).toContain('app.use(degradedErrors)');
    const unhandled = text.replace('app.use(degradedErrors)', 'app');
    await writeFile(join(folder, 'unhandled.js'), unhandled);
    const command = join(folder, 'node_modules/.bin/degraded-mode');
    const check = (...options: readonly string[]) =>
      run(process.execPath, [command, 'check', 'unhandled.js', ...options], { cwd: folder });
    const faults = ['--faults', 'killed and restarted with'];
    await expect(check('--param', 'user=ada', ...faults)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^DELETE \/carts\/:user {2}· {2}✗$/m),
    });
    await expect(check('--faults', 'lost')).rejects.toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr: expect.stringContaining('there is no fault lost; the faults are:'),
    });
  });

  it('does what the README says of an upstream', async () => {
    const script = join(folder, 'prices.js');
    const code = await readFile(join(examples, 'prices.ts'), 'utf8');
    await writeFile(script, stripTypeScriptTypes(code));
    await expectPricesAsTheReadmeSays({ script });
  });

  it('does what the README says over node-redis as well', async () => {
    const script = join(folder, 'shop-over-node-redis.js');
    await writeFile(script, stripTypeScriptTypes(await overNodeRedis()));
    await expectAsTheReadmeSays({ script });
  });

  it('has its licence and its list of changes', async () => {
    const files = await readdir(join(folder, 'node_modules/@secureconnect/degraded-mode'));
    expect(files).toEqual(expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md']));
  });

  it('is small: the core has at most 10 KB, compressed, and no dependency', async () => {
    const installed = join(folder, 'node_modules/@secureconnect/degraded-mode');
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    expect(manifest.dependencies).toBeUndefined();
    const modules = await reachedFrom(join(installed, 'dist/index.js'));
    expect(modules.size).toBeGreaterThan(10);
    expect(gzipSync([...modules.values()].join('\n')).length).toBeLessThanOrEqual(10_240);
  });
});

/** The example with a different client: its import is all that changes. */
async function overNodeRedis(): Promise<string> {
  const changed = (await readFile(example, 'utf8')).replace("/ioredis'", "/node-redis'");
  expect(changed).toContain("'@secureconnect/degraded-mode/node-redis'");
  return changed;
}

/** A module and all that it imports of the package, by their paths. */
async function reachedFrom(path: string, seen = new Map<string, string>()) {
  if (seen.has(path)) return seen;
  const text = await readFile(path, 'utf8');
  seen.set(path, text);
  for (const [, relative = ''] of text.matchAll(/ from '(\.[^']+)'/g)) {
    await reachedFrom(join(dirname(path), relative), seen);
  }
  return seen;
}
