import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const folder = join(import.meta.dirname, '../../node_modules/.cache/programs-without-redis');
const isRedis = (name: string): boolean => /^(redis|valkey)-/.test(name);

/** A PATH that has every program of this process' PATH except those of Redis and Valkey. */
export const pathWithoutRedis = folder;

/** Fills that folder with links. The first program of a name counts, as it does on a PATH. */
export function linkProgramsWithoutRedis(path = process.env['PATH'] ?? ''): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const linked = new Set<string>();
  for (const directory of path.split(delimiter)) {
    for (const name of namesIn(directory)) {
      if (isRedis(name) || linked.has(name)) continue;
      linked.add(name);
      symlinkSync(join(directory, name), join(folder, name));
    }
  }
}

/** None of a directory that is on the PATH and is not there. */
function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
