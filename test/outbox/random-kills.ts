import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeEffect } from '@secureconnect/outbox';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { requestKind } from './kind.ts';
import { type Receiver, startReceiver } from './receiver.ts';

export interface KillsOptions {
  /** A migrated database. */
  readonly databaseUrl: string;
  readonly effects: number;
  readonly workers: number;
  /** Mean time between two kills. */
  readonly killEveryMs: number;
  /** After which it counts as hanging. */
  readonly timeoutMs: number;
}

export interface KillsResult {
  readonly effects: number;
  readonly kills: number;
  readonly seconds: number;
  /** Effects of committed transactions that the receiver did not accept. */
  readonly lost: readonly string[];
  /** Effects that it accepted more than once, each time by the same key. */
  readonly doubled: readonly string[];
  /** Keys that it accepted although their transaction was rolled back. */
  readonly unknown: readonly string[];
  /** Effects that are not done in the end. */
  readonly unfinished: number;
}

const main = join(import.meta.dirname, 'worker-process.ts');
/** Every so many effects, a transaction is rolled back after it has written one. */
const rolledBackEvery = 20;

/** Writes effects while real worker processes deliver them and are killed at random. */
export async function runRandomKills(options: KillsOptions): Promise<KillsResult> {
  await using resources = new AsyncDisposableStack();
  const database = openDatabase({ url: options.databaseUrl });
  resources.defer(() => database.close());
  const receiver = resources.use(await startReceiver({ refusedShare: 0.02 }));
  const startedAt = performance.now();
  const crew = new Crew(options, receiver.url);
  resources.defer(() => crew.end());
  await crew.start();
  const ended = new AbortController();
  const killing = crew.killUntil(ended.signal);
  await writeAll(database, options.effects);
  const deadline = startedAt + options.timeoutMs;
  let unfinished = await countUnfinished(database);
  while (unfinished > 0 && performance.now() < deadline) {
    await delay(200);
    unfinished = await countUnfinished(database);
  }
  ended.abort();
  const kills = await killing;
  const seconds = (performance.now() - startedAt) / 1000;
  return { ...judge(receiver, options.effects), kills, seconds, unfinished };
}

const keyOf = (nth: number): string => `effect-${nth}`;

async function writeAll(database: Database, effects: number): Promise<void> {
  for (let nth = 0; nth < effects; nth += 1) {
    await writeEffect(database, 'auth', requestKind, { key: keyOf(nth), payload: randomUUID() });
    if (nth % rolledBackEvery === 0) await writeAndRollBack(database, nth);
  }
}

class RolledBack extends Error {}

async function writeAndRollBack(database: Database, nth: number): Promise<void> {
  const rolledBack = database.transaction(async (sql) => {
    const key = `rolled-back-${nth}`;
    await writeEffect(sql, 'auth', requestKind, { key, payload: randomUUID() });
    throw new RolledBack();
  });
  await rolledBack.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
}

async function countUnfinished(database: Database): Promise<number> {
  const [row] = await database.query<{ count: string }>(
    "SELECT count(*) FROM auth.outbox WHERE kind = $1 AND state <> 'done'",
    [requestKind.name],
  );
  return Number(row?.count);
}

function judge({ accepted }: Receiver, effects: number) {
  const written = new Set(Array.from({ length: effects }, (_, nth) => keyOf(nth)));
  return {
    effects,
    lost: [...written].filter((key) => !accepted.has(key)),
    doubled: [...accepted].filter(([, times]) => times > 1).map(([key]) => key),
    unknown: [...accepted.keys()].filter((key) => !written.has(key)),
  };
}

/** The worker processes. */
class Crew {
  readonly #options: KillsOptions;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #members: ChildProcess[] = [];

  constructor(options: KillsOptions, receiverUrl: string) {
    this.#options = options;
    const { databaseUrl: DATABASE_URL } = options;
    this.#environment = { ...process.env, DATABASE_URL, RECEIVER_URL: receiverUrl };
  }

  async start(): Promise<void> {
    const { workers } = this.#options;
    await Promise.all(Array.from({ length: workers }, () => this.#join()));
  }

  async #join(): Promise<void> {
    this.#members.push(await this.#spawn());
  }

  async #spawn(): Promise<ChildProcess> {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const child = spawn(process.execPath, [main], { stdio: [...stdio], env: this.#environment });
    const exited = once(child, 'exit').then(() => {
      throw new Error('a worker ended while it started');
    });
    if (child.stdout === null) throw new Error('a worker has no output');
    await Promise.race([once(child.stdout, 'data'), exited]);
    exited.catch(() => undefined);
    return child;
  }

  /**
   * Kills a random worker again and again, and starts another one in its place meanwhile: a start
   * takes longer than the pause between two kills. Returns how many it has killed.
   */
  async killUntil(signal: AbortSignal): Promise<number> {
    let kills = 0;
    const starting = new Set<Promise<void>>();
    while (!signal.aborted) {
      await delay(2 * this.#options.killEveryMs * Math.random());
      // One stays while another one starts: else nothing would be under way at a kill.
      if (this.#members.length < 2 && starting.size > 0) {
        await Promise.race(starting);
        continue;
      }
      const index = Math.floor(Math.random() * this.#members.length);
      const [victim] = this.#members.splice(index, 1);
      await kill(victim);
      kills += 1;
      const started: Promise<void> = this.#join().then(() => void starting.delete(started));
      starting.add(started);
    }
    await Promise.all(starting);
    return kills;
  }

  async end(): Promise<void> {
    await Promise.all(this.#members.map(kill));
  }
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
