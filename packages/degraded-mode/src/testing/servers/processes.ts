import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { holdsWithin } from './wait.ts';

/** The command line of a process, its parts joined by spaces; '' when it has ended. */
export function commandLine(pid: number): string {
  return process.platform === 'linux'
    ? (procFile(`${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim()
    : processStatus(pid, 'command');
}

/** Whether the process runs: it exists and is not a zombie. */
export function isRunning(pid: number): boolean {
  const state = process.platform === 'linux' ? linuxState(String(pid)) : processStatus(pid, 'stat');
  return /^[^ZX]/.test(state ?? '');
}

/** Whether every thread of a process is stopped (SIGSTOP); of macOS, whether the process is. */
export function isStopped(pid: number): boolean {
  const states =
    process.platform === 'linux'
      ? readdirSync(`/proc/${pid}/task`).map((thread) => linuxState(`${pid}/task/${thread}`) ?? '')
      : [processStatus(pid, 'stat')];
  return states.every((state) => state.startsWith('T'));
}

/** The pid at the start of a pid file; undefined if there is none. */
export function readPidFile(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Ends a process that is not a child: SIGTERM, and SIGKILL after `timeoutMs` (default 10000). */
export async function endProcess(pid: number, { timeoutMs = 10_000 } = {}): Promise<void> {
  const gone = () => !isRunning(pid);
  sendSignal(pid, 'SIGTERM');
  sendSignal(pid, 'SIGCONT'); // a stopped process would not see the signal
  if (await holdsWithin(gone, { timeoutMs })) return;
  sendSignal(pid, 'SIGKILL');
  if (await holdsWithin(gone, { timeoutMs: 5000 })) return;
  throw new Error(`Process ${pid} still runs after SIGKILL`);
}

/** Sends a signal; false if there is no such process. */
function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    throw error;
  }
}

/** The state of a process or thread, and what follows it; undefined if there is none. */
function linuxState(path: string): string | undefined {
  // After the name, which stands in parentheses and may hold anything.
  return procFile(`${path}/stat`)?.split(') ').at(-1);
}

function procFile(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return undefined;
    throw error;
  }
}

/** A column of ps; '' if there is no such process. */
function processStatus(pid: number, column: string): string {
  return spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
    encoding: 'utf8',
  }).stdout.trim();
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
