import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type StaticFile, staticFile } from '../static-files/static-file.ts';

const require = createRequire(import.meta.url);
const folder = join(import.meta.dirname, 'page');

/** A release may change these: they are asked for again before they are used. */
const revalidated = 'no-cache';
/** The version of redoc is pinned, so that its script changes with few releases. */
const forADay = 'public, max-age=86400';

const javaScript = 'text/javascript; charset=utf-8';
const json = 'application/json; charset=utf-8';

/** The only thing that redoc loads from a foreign host: the logo of its maker. */
const foreignLogo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const noLogo = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

const loaders = {
  'page.html': () => fromFolder('page.html', 'text/html; charset=utf-8'),
  'page.js': () => fromFolder('page.js', javaScript),
  'page.css': () => fromFolder('page.css', 'text/css; charset=utf-8'),
  'redoc.js': () => redoc(),
  'redoc.standalone.js.LICENSE.txt': () => redocLicenses(),
  'asyncapi.json': async () =>
    staticFile(await contractDocument('asyncapi.json'), {
      contentType: json,
      cacheControl: revalidated,
    }),
} as const satisfies Readonly<Record<string, () => Promise<StaticFile>>>;

export type DocsFile = keyof typeof loaders;

const loaded = new Map<DocsFile, Promise<StaticFile>>();

/** A file of the documentation; read once, when it is first asked for. */
export function docsFile(name: DocsFile): Promise<StaticFile> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const file = loaders[name]();
  loaded.set(name, file);
  // What could not be read is tried again by the next request.
  file.catch(() => loaded.delete(name));
  return file;
}

/** A generated document of the contracts, as text. */
export function contractDocument(name: 'openapi.json' | 'asyncapi.json'): Promise<string> {
  return readFile(require.resolve(`@secureconnect/contracts/${name}`), 'utf8');
}

async function fromFolder(name: string, contentType: string): Promise<StaticFile> {
  const text = await readFile(join(folder, name), 'utf8');
  return staticFile(text, { contentType, cacheControl: revalidated });
}

/** Its name is the one by which the first line of the script refers to it. */
async function redocLicenses(): Promise<StaticFile> {
  const bundled = await readFile(
    require.resolve('redoc/bundles/redoc.standalone.js.LICENSE.txt'),
    'utf8',
  );
  const own = await readFile(require.resolve('redoc/LICENSE'), 'utf8');
  return staticFile(`${own}\n${bundled}`, {
    contentType: 'text/plain; charset=utf-8',
    cacheControl: forADay,
  });
}

async function redoc(): Promise<StaticFile> {
  const script = await readFile(require.resolve('redoc/bundles/redoc.standalone.js'), 'utf8');
  if (!script.includes(foreignLogo)) throw new Error('redoc loads a different logo than expected');
  const contained = script.replaceAll(foreignLogo, noLogo);
  return staticFile(contained, { contentType: javaScript, cacheControl: forADay });
}
