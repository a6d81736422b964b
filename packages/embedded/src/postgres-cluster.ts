import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  commandLine,
  holdsWithin,
  readPidFile,
  ServerProcess,
  ServerStartError,
} from '@secureconnect/degraded-mode/servers';
import type { PostgresPrograms } from './postgres-programs.ts';

/** The folder of one embedded PostgreSQL: its cluster, its password and its log. */
export class PostgresCluster {
  readonly folder: string;
  readonly data: string;
  readonly pidFile: string;
  readonly logPath: string;
  readonly #passwordPath: string;

  constructor(folder: string) {
    this.folder = folder;
    this.data = join(folder, 'data');
    this.pidFile = join(this.data, 'postmaster.pid');
    this.logPath = join(folder, 'postgres.log');
    this.#passwordPath = join(folder, 'password');
  }

  get exists(): boolean {
    return existsSync(join(this.data, 'PG_VERSION'));
  }

  password(): Promise<string> {
    return readFile(this.#passwordPath, 'utf8');
  }

  /** Runs initdb: UTF8, locale C, the user `secureconnect` with a password of its own. */
  async create({ initdb, asUser, owner }: PostgresPrograms, durable: boolean): Promise<void> {
    // Created under a different name, so that the remains of a killed initdb never count as a
    // cluster.
    const unfinished = join(this.folder, 'data.unfinished');
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    if (owner !== undefined) chownSync(unfinished, owner, owner);
    await writeFile(this.#passwordPath, randomBytes(18).toString('base64url'), { mode: 0o600 });
    const command = [
      ...[initdb, `--pgdata=${unfinished}`, '--username=secureconnect'],
      ...[`--pwfile=${this.#passwordPath}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--locale=C', ...(durable ? [] : ['--no-sync'])],
    ];
    const run = new ServerProcess('initdb', this.logPath, {
      command,
      prefix: asUser,
      signal: 'SIGKILL',
      cwd: this.folder,
    });
    const how = await run.ended;
    if (how !== 'exit code 0') throw new ServerStartError(`initdb failed (${how})`, this.logPath);
    await rename(unfinished, this.data);
  }

  /** Gives an existing cluster to `owner`, because it may have been created by a different user. */
  own(owner: number | undefined): void {
    if (owner === undefined || lstatSync(this.data).uid === owner) return;
    for (const entry of readdirSync(this.data, { recursive: true, encoding: 'utf8' })) {
      chownIfThere(join(this.data, entry), owner);
    }
    chownIfThere(this.data, owner); // last, because it marks that all others are done
  }

  /**
   * Waits for the server of a killed starter to end, and removes a pid file whose pid now belongs
   * to an unrelated process, which PostgreSQL would mistake for a running server.
   * @throws Error if a server continues to run on this folder.
   */
  async awaitUnused(timeoutMs: number): Promise<void> {
    const pid = readPidFile(this.pidFile);
    if (pid === undefined) return;
    const unused = () => !commandLine(pid).includes(this.data);
    const stranger = unused() && commandLine(pid) !== '';
    if (stranger) rmSync(this.pidFile, { force: true });
    if (await holdsWithin(unused, { timeoutMs })) return;
    throw new Error(`PostgreSQL process ${pid} is already running on ${this.data}; stop it first`);
  }
}

function chownIfThere(path: string, owner: number): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === false) {
    chownSync(path, owner, owner);
  }
}
