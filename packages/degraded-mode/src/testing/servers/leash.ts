import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { findProgram } from './programs.ts';

export interface LeashedCommand {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Runs the command, for example as a different user; it must replace itself (exec). */
  readonly prefix?: readonly string[];
  /** Sent to the command when this process ends in any way. */
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
  readonly stdio: StdioOptions;
  readonly cwd?: string;
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Detects a parent that ended before the kernel watched it, because then no signal comes. */
const unlessOrphaned = '[ "$PPID" = "$0" ] || exit 1; exec "$@"';
/** Waits for the end of its standard input, and so of this process, then signals the command. */
const companion = 'read -r _; kill -s "$0" "$1"';

/**
 * Starts a command that ends with this process, even after a SIGKILL: by the kernel's parent-death
 * signal if there is setpriv (Linux), else by a small companion with a pipe to this process. The
 * pid of the child is that of the command.
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
    // Its own process group: Ctrl-C must reach only the starter, which stops everything in order.
    detached: true,
    stdio,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  });
}

function withCompanion(child: ChildProcess, signal: LeashedCommand['signal']): ChildProcess {
  if (child.pid === undefined) return child; // it did not start, as its 'error' event reports
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
