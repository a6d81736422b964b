import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { findProgram } from './programs.ts';

export interface LeashedCommand {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** What runs the command, such as a change of user; it must end by replacing itself (exec). */
  readonly prefix?: readonly string[];
  /** Sent to the command when this process ends, in whatever way. */
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
  readonly stdio: StdioOptions;
  readonly cwd?: string;
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** When this process ended before the kernel was told to watch it, no signal comes: look once. */
const unlessOrphaned = '[ "$PPID" = "$0" ] || exit 1; exec "$@"';
/** Ends when its standard input does, that is with the process that holds the other end. */
const companion = 'read -r _; kill -s "$0" "$1"';

/**
 * Starts a command that dies with this process, even when that is killed with SIGKILL: by the
 * kernel's parent-death signal where there is setpriv (Linux), else by a small companion that holds
 * a pipe to this process. The child's pid is the command's own.
 */
export function spawnLeashed(
  leashed: LeashedCommand,
  { setpriv }: { setpriv: string | undefined } = { setpriv: findProgram('setpriv') },
): ChildProcess {
  const { prefix = [], command, signal } = leashed;
  if (setpriv === undefined) return withCompanion(start([...prefix, ...command], leashed), signal);
  const watched = [setpriv, '--pdeathsig', bare(signal), '--'];
  const guarded = ['/bin/sh', '-c', unlessOrphaned, String(process.pid), ...command];
  // The prefix comes first, because a change of user makes the kernel forget the signal.
  return start([...prefix, ...watched, ...guarded], leashed);
}

function start(words: readonly string[], { stdio, cwd, env }: LeashedCommand): ChildProcess {
  const [program = '', ...rest] = words;
  return spawn(program, rest, {
    // A group of its own: Ctrl-C in the terminal must reach only the starter, which stops all in order.
    detached: true,
    stdio,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  });
}

function withCompanion(child: ChildProcess, signal: LeashedCommand['signal']): ChildProcess {
  if (child.pid === undefined) return child; // it did not start; its 'error' event tells
  const leash = spawn('/bin/sh', ['-c', companion, bare(signal), String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  leash.once('error', (error) => child.emit('error', error));
  child.once('exit', () => leash.kill('SIGKILL'));
  return child;
}

function bare(signal: NodeJS.Signals): string {
  return signal.slice('SIG'.length);
}
