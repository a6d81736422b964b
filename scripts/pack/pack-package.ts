import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '@secureconnect/cli/generator/bundle';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** The packages that others may install. */
export type PublishedPackage = 'cli' | 'client' | 'degraded-mode';

/**
 * Builds a package as it is published, JavaScript with declarations: Node refuses TypeScript below
 * node_modules. Here it runs from source, so the manifest is a different one.
 * @param folder where the tarball is put
 * @returns the tarball's path
 */
export async function packPackage(name: PublishedPackage, folder: string): Promise<string> {
  const source = join(root, 'packages', name);
  const staged = await mkdtemp(join(tmpdir(), `pack-${name}-`));
  try {
    if (name === 'cli') await buildProgram(staged);
    else await build(source, join(staged, 'dist'));
    await writeFile(join(staged, 'package.json'), await publishedManifest(source));
    for (const file of ['README.md', 'CHANGELOG.md'])
      await copyFile(join(source, file), join(staged, file));
    const docs = join(source, 'docs');
    if (existsSync(docs)) await cp(docs, join(staged, 'docs'), { recursive: true });
    await copyFile(join(root, 'LICENSE'), join(staged, 'LICENSE'));
    const options = ['pack', '--json', '--pack-destination', folder];
    const { stdout } = await run('npm', options, { cwd: staged });
    return join(folder, nameIn(stdout));
  } finally {
    await rm(staged, { recursive: true });
  }
}

/** Comments are for readers of the declarations; in the JavaScript they would be a third of it. */
async function build(source: string, folder: string): Promise<void> {
  const compile = [compiler, '-p', join(source, 'tsconfig.build.json'), '--outDir', folder];
  await run(process.execPath, compile);
  await run(process.execPath, [...compile, '--declaration', 'false', '--removeComments']);
}

/** A program has its libraries in it, with their licences beside it. */
async function buildProgram(staged: string): Promise<void> {
  const { files, licenses } = await bundle();
  await mkdir(join(staged, 'dist'));
  for (const [file, code] of files) await writeFile(join(staged, 'dist', file), code);
  await writeFile(join(staged, 'THIRD-PARTY-LICENSES.md'), licenses);
}

type Manifest = Readonly<Record<string, unknown>>;

/**
 * `publishConfig` replaces fields, as pnpm does it; what only this repository needs is left out. So are
 * its dependencies: to others they are peers, of which they choose, and our images install no peers.
 */
async function publishedManifest(source: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const { publishConfig, dependencies: _, devDependencies: _own, ...rest } = manifest as Manifest;
  return JSON.stringify({ ...rest, ...(publishConfig as object) }, undefined, 2);
}

/** The file that `npm pack --json` has written. */
function nameIn(output: string): string {
  const [packed]: readonly { readonly filename: string }[] = JSON.parse(output);
  if (packed === undefined) throw new Error(`npm pack said nothing of a tarball: ${output}`);
  return packed.filename;
}
