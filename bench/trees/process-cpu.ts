import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The processor time in milliseconds that a process has used so far, by Linux's proc(5). */
export function cpuMs(pid: number): number {
  const [user = Number.NaN, system = Number.NaN] = statOf(pid).slice(11, 13).map(Number);
  return ((user + system) / ticksPerSecond) * 1000;
}

/** The fields of `/proc/PID/stat` from the third one. */
function statOf(pid: number): string[] {
  // The second field is the program's name in parentheses and may hold spaces.
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
}

/**
 * The processor time in milliseconds of a process, of all processes below it, and of those below it
 * that have ended and were waited for.
 */
export function treeCpuMs(pid: number): number {
  const fields = statOf(pid);
  const own = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const below = childrenOf(pid).reduce((sum, child) => sum + treeCpuMs(child), 0);
  return (own / ticksPerSecond) * 1000 + below;
}

/** The memory that a process has in use, by Linux's proc(5). */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** The processes that this one has started and that run now. */
export function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

/** The process below `ancestor` whose command line ends with this. */
export function descendant(ancestor: number, commandEnd: string): number {
  const parents = new Map<number, number>();
  const matching: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      parents.set(pid, Number(rest.split(' ')[1]));
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (command.endsWith(commandEnd)) matching.push(pid);
    } catch (error) {
      // It has ended since the folder was read.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === ancestor || isBelow(parents.get(pid)));
  const found = matching.find(isBelow);
  if (found === undefined) throw new Error(`no process "… ${commandEnd}" below ${ancestor}`);
  return found;
}
