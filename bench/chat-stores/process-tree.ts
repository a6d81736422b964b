import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { childrenOf } from '../trees/process-cpu.ts';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/**
 * The processor time in milliseconds that a process has used so far, with its children that run and
 * those that have ended, by Linux's proc(5).
 */
export function treeCpuMs(pid: number): number {
  // The second field is the program's name in parentheses and may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const children = childrenOf(pid).reduce((sum, child) => sum + treeCpuMs(child), 0);
  return (ticks / ticksPerSecond) * 1000 + children;
}
