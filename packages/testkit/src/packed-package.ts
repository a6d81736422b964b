import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';

const run = promisify(execFile);
const packCommand = join(import.meta.dirname, '../../../scripts/pack-package.ts');

/**
 * Packs a package of this repository, and installs the tarball in an empty folder.
 * @param name as in `packages/`
 * @returns the folder, which the caller removes
 */
export async function installPacked(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const packed = await run(process.execPath, [packCommand, name, folder]);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const options = ['install', '--offline', '--no-audit', '--no-fund', packed.stdout.trim()];
  await run('npm', options, { cwd: folder });
  return folder;
}

/** A version of Node.js that published packages promise. */
interface PromisedNode {
  readonly name: string;
  readonly node: string;
  /** Ends a test's name where the program is missing; otherwise empty. */
  readonly skipReason: string;
}

/** This Node.js, and those that `.ci/run` puts beside the other backends. */
export const promisedNodes: readonly PromisedNode[] = [
  { name: 'this Node', node: process.execPath, skipReason: '' },
  ...[20, 22].map((version) => {
    const name = `Node ${version}`;
    const node = join(cacheFolder(), `nodes/${version}/bin/node`);
    const skipReason = existsSync(node) ? '' : ` (skipped: ${name} is not in the cache)`;
    return { name, node, skipReason };
  }),
];
