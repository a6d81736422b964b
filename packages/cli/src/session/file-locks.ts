import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Locks } from '@secureconnect/client';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';

const pollMs = 50;
const defaultWaitMs = 20_000;

/**
 * Locks over the processes of a user on one machine, as files of a folder that say who holds them.
 * Node.js has no locks of the operating system, which would end with their process: the file of a
 * process that is gone is taken away by the next one.
 */
export class FileLocks implements Locks {
  readonly #folder: string;
  readonly #waitMs: number;

  /** @param waitMs how long to wait for other processes, in milliseconds */
  constructor(folder: string, waitMs = defaultWaitMs) {
    this.#folder = folder;
    this.#waitMs = waitMs;
  }

  /**
   * Acts while no other process holds the lock.
   * @throws CommandError where another process holds it for too long, the reason of the signal, and
   * what `act` throws
   */
  async hold<Result>(
    name: string,
    signal: AbortSignal | undefined,
    act: () => Promise<Result>,
  ): Promise<Result> {
    const file = await this.#fileOf(name);
    const endsAt = performance.now() + this.#waitMs;
    while (!(await take(file))) {
      if (performance.now() > endsAt) throw heldTooLong(file);
      await pause(pollMs, undefined, signal === undefined ? {} : { signal });
    }
    try {
      signal?.throwIfAborted();
      return await act();
    } finally {
      await rm(file, { force: true });
    }
  }

  /**
   * Acts if no other process holds the lock.
   * @returns whether it has acted
   */
  async tryHold(name: string, act: () => Promise<void>): Promise<boolean> {
    const file = await this.#fileOf(name);
    // The second attempt, after the file of a process that is gone was taken away.
    if (!((await take(file)) || (await take(file)))) return false;
    try {
      await act();
      return true;
    } finally {
      await rm(file, { force: true });
    }
  }

  async #fileOf(name: string): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    return join(this.#folder, `${encodeURIComponent(name)}.lock`);
  }
}

function heldTooLong(file: string): CommandError {
  const line = `Another secureconnect process holds ${file}; wait until it ends, or remove the file if there is none.`;
  return new CommandError(exitCodes.refusedForNow, line);
}

/** @returns whether this process holds the lock now */
async function take(file: string): Promise<boolean> {
  try {
    const holder = { pid: process.pid, host: hostname(), id: randomUUID() };
    await writeFile(file, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    await removeIfGone(file);
    return false;
  }
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly id: string;
}

/** Undefined where nobody holds it, or the holder has not written its name yet. */
async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Of two processes that find a dead holder, the slower one may move away the lock of the quicker one:
 * then both act, as after a crash in the middle. What is locked bears that: the server gives the same
 * tokens for a repeated refresh, and stores a repeated message once.
 */
async function removeIfGone(file: string): Promise<void> {
  const holder = await holderOf(file);
  if (holder === undefined || !isGone(holder)) return;
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  await rm(aside, { force: true });
}

/** A process of another machine, which shares the folder, cannot be asked for. */
function isGone({ host, pid }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
