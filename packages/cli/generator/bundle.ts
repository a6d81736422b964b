import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';

/** The program as it is published: JavaScript that needs nothing but Node.js. */
export interface Bundle {
  /** The files, by their names; `bin.js` is the program, others are loaded when they are needed. */
  readonly files: ReadonlyMap<string, string>;
  /** What the licences of the contained libraries ask to be handed on, in Markdown. */
  readonly licenses: string;
}

/** Bundles the program with its libraries: `npx` then installs one package instead of many. */
export async function bundle(): Promise<Bundle> {
  const build = await rolldown({
    input: join(import.meta.dirname, '../src/bin.ts'),
    platform: 'node',
    transform: { target: 'node20' },
  });
  try {
    const { output } = await build.generate({ format: 'esm' });
    const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk');
    const files = new Map(chunks.map(({ code, fileName }) => [fileName, code]));
    return { files, licenses: await licensesOf(chunks.flatMap(({ moduleIds }) => moduleIds)) };
  } finally {
    await build.close();
  }
}

async function licensesOf(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.flatMap((module) => packageFolderOf(module) ?? []));
  const texts = await Promise.all([...folders].sort().map(licenseOf));
  return `# Licences of the libraries in this program\n\n${texts.join('\n')}`;
}

/** The text of a library's licence, or its name where the library comes without the text. */
async function licenseOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined ? manifest.license : await readFile(join(folder, file), 'utf8');
  return `## ${manifest.name} ${manifest.version}\n\n${text.trim()}\n`;
}

/** The folder of the library that a module belongs to; none for our own modules. */
function packageFolderOf(module: string): string | undefined {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  return folder;
}
