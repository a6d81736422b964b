import { execFile, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { historyLines, type Operation } from './history.ts';

/** What the checker says; see checker/verdict.go. */
export interface Verdict {
  readonly fingerprints: number;
  readonly operations: number;
  readonly unknown: number;
  readonly refused: readonly Refusal[];
  readonly undecided: readonly string[];
}

/** A fingerprint that was no register, and the shortest part of its history that shows it. */
export interface Refusal {
  readonly fingerprint: string;
  readonly part: readonly Operation[];
  readonly unknown: number;
}

export const checkerFolder = join(import.meta.dirname, 'checker');
const cache = join(import.meta.dirname, '../../node_modules/.cache/secureconnect');
const run = promisify(execFile);

/** Why histories cannot be checked here, for the name of what is left out; empty where they can. */
export const goSkipReason =
  spawnSync('go', ['version']).status !== 0
    ? ' (left out: the checker needs Go 1.25 or later on PATH)'
    : '';

/** Builds the checker, unless it was built from the same source; resolves to the program. */
async function builtChecker(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of readdirSync(checkerFolder).sort()) {
    hash.update(readFileSync(join(checkerFolder, name)));
  }
  const program = join(cache, `alert-register-checker-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(program)) {
    mkdirSync(cache, { recursive: true });
    // Go puts it there in one step, so nobody runs half of it.
    await run('go', ['build', '-o', program, '.'], { cwd: checkerFolder });
  }
  return program;
}

/**
 * Asks the checker, an independent program, whether each fingerprint behaved as one register.
 * @throws Error where the history cannot be read, or Go cannot build it
 */
export async function checkHistory(history: readonly Operation[]): Promise<Verdict> {
  const child = spawn(await builtChecker(), { stdio: ['pipe', 'pipe', 'pipe'] });
  const [said, complaints] = [text(child.stdout), text(child.stderr)];
  child.stdin.end(historyLines(history));
  const [code] = await once(child, 'close');
  if (code === 0 || code === 1) return JSON.parse(await said);
  throw new Error(`the checker ended with ${code}: ${await complaints}`);
}

/** A refusal for people: a line for each operation. */
export function refusalText({ fingerprint, part, unknown }: Refusal): string {
  const lines = part.map((one) => {
    const { client, kind, calledUs, returnedUs, outcome, name, names } = one;
    const named = kind === 'read' ? `[${(names ?? []).join(', ')}]` : (name ?? '');
    return `  ${calledUs}–${returnedUs} µs ${client}: ${kind} → ${outcome} ${named}`;
  });
  const rest = unknown === 0 ? [] : [`  beside ${unknown} of unknown outcome`];
  return [`${fingerprint} was no register:`, ...lines, ...rest].join('\n');
}
