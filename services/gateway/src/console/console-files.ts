import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { preparedFile, type StaticFile } from '../static-files/static-file.ts';

/** The name of the one page that is served for every path of the console. */
const page = 'index.html';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** The names of assets hold a hash of their bytes, so that they never change. */
const forAYear = 'public, max-age=31536000, immutable';
/** A new build may change these: they are asked for again before they are used. */
const revalidated = 'no-cache';

/** The built console, kept in memory once it is there. */
export interface ConsoleFiles {
  /** The page of every path; undefined if the console is not built. */
  page(): Promise<StaticFile | undefined>;
  /** A file by its path below the folder, such as `assets/main-Bx3.js`; undefined if unknown. */
  file(path: string): Promise<StaticFile | undefined>;
}

/**
 * The files that `npm run build:console` has written into a folder. Only these are ever sent,
 * whatever a path names.
 */
export function consoleFiles(folder: string): ConsoleFiles {
  let known: Promise<ReadonlyMap<string, StaticFile>> | undefined;
  const files = (): Promise<ReadonlyMap<string, StaticFile>> => {
    if (known !== undefined) return known;
    const reading = readFolder(folder);
    known = reading;
    const forget = (): void => {
      if (known === reading) known = undefined;
    };
    // A build that is not there yet, or not readable, is looked for again by the next request.
    reading.then((read) => (read.has(page) ? undefined : forget()), forget);
    return reading;
  };
  return {
    page: async () => (await files()).get(page),
    file: async (path) => (await files()).get(path),
  };
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, StaticFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (Object(error).code === 'ENOENT') return [];
    throw error;
  });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const sent = paths.filter((path) => contentTypes[extname(path)] !== undefined);
  const all = new Set(paths);
  const files = await Promise.all(
    sent.map(async (path) => [path, await readPrepared(folder, path, all)] as const),
  );
  return new Map(files);
}

async function readPrepared(
  folder: string,
  path: string,
  all: ReadonlySet<string>,
): Promise<StaticFile> {
  const read = (name: string) =>
    all.has(name) ? readFile(join(folder, name)) : Promise.resolve(undefined);
  const [body, br, gzip] = await Promise.all([
    readFile(join(folder, path)),
    read(`${path}.br`),
    read(`${path}.gz`),
  ]);
  return preparedFile(
    body,
    { ...(br === undefined ? {} : { br }), ...(gzip === undefined ? {} : { gzip }) },
    {
      contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
      cacheControl: path.startsWith('assets/') ? forAYear : revalidated,
    },
  );
}
