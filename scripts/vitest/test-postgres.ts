import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  findPostgresPrograms,
  isRunning,
  type PostgresPrograms,
  type PostgresServer,
  startPostgres,
} from '@secureconnect/embedded';

const cache = join(import.meta.dirname, '../../node_modules/.cache/secureconnect');
/** Folders of one run; their names end with its pid. */
const ofRun = /^(?:test-postgres-|postgres-template-\w+\.)(\d+)$/;

/** Starts an empty PostgreSQL for one test run; `stop` removes its data as well. */
export async function startTestPostgres(log: (line: string) => void): Promise<PostgresServer> {
  mkdirSync(cache, { recursive: true });
  removeLeftOvers();
  const programs = findPostgresPrograms();
  const dataDir = join(cache, `test-postgres-${process.pid}`);
  // Not fs.cp, which gives folders a mode that PostgreSQL refuses.
  execFileSync('cp', ['-Rp', await templateFor(programs, log), dataDir]);
  const server = await startPostgres({ dataDir, durable: false, programs, log });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Removes the folders of runs that were killed. */
function removeLeftOvers(): void {
  for (const name of readdirSync(cache)) {
    const pid = ofRun.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      rmSync(join(cache, name), { recursive: true, force: true });
    }
  }
}

/** An empty data folder to copy, created once per version of PostgreSQL because initdb is slow. */
async function templateFor(
  programs: PostgresPrograms,
  log: (line: string) => void,
): Promise<string> {
  const version = createHash('sha256').update(programs.postgres).digest('hex').slice(0, 12);
  const template = join(cache, `postgres-template-${version}`);
  if (existsSync(template)) return template;
  const unfinished = `${template}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  const server = await startPostgres({ dataDir: unfinished, durable: false, programs, log });
  await server.stop();
  try {
    renameSync(unfinished, template);
  } catch (error) {
    if (!existsSync(template)) throw error;
    rmSync(unfinished, { recursive: true, force: true }); // another run was quicker
  }
  return template;
}
