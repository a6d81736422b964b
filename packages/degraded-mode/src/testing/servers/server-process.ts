import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type LeashedCommand, spawnLeashed } from './leash.ts';
import { LeashedProcess } from './leashed-process.ts';
import { holdsWithin } from './wait.ts';

/** A server ended before it was ready, or was not ready in time; `log` has its last lines. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
  readonly log: string;

  constructor(problem: string, logPath: string) {
    const log = lastLines(logPath);
    super(`${problem}${log === '' ? '' : `; the end of ${logPath}:\n${log}`}`);
    this.log = log;
  }
}

/** One run of a server: a leashed process whose output goes to a log file. */
export class ServerProcess extends LeashedProcess {
  readonly name: string;
  readonly logPath: string;

  constructor(name: string, logPath: string, leashed: Omit<LeashedCommand, 'stdio'>) {
    mkdirSync(dirname(logPath), { recursive: true });
    const log = openSync(logPath, 'a', 0o600);
    super(spawnLeashed({ ...leashed, stdio: ['ignore', log, log] }));
    closeSync(log);
    this.name = name;
    this.logPath = logPath;
  }

  /** Waits for `ready`; otherwise ends the server and throws {@link ServerStartError}. */
  async waitUntilReady(ready: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
    const decided = await holdsWithin(async () => !this.running || (await ready()), { timeoutMs });
    if (decided && this.running) return;
    const problem = this.running ? `was not ready within ${timeoutMs / 1000} s` : this.ending;
    await this.stop('SIGKILL');
    throw new ServerStartError(`${this.name} did not start (${problem})`, this.logPath);
  }
}

function lastLines(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  } catch {
    return ''; // called while reporting a different error, which this one must not hide
  }
}
