import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, endProcess, readPidFile } from './processes.ts';

export interface Persistence {
  readonly appendOnly: boolean;
  readonly durable: boolean;
}

/** The folder of one Redis: its configuration, pid file, log and data. */
export class RedisFiles {
  readonly folder: string;
  readonly config: string;
  readonly pidFile: string;
  readonly logPath: string;

  constructor(folder: string) {
    this.folder = folder;
    this.config = join(folder, 'redis.conf');
    this.pidFile = join(folder, 'redis.pid');
    this.logPath = join(folder, 'redis.log');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Writes a configuration with which a person can also start this Redis, in the background. */
  writeConfig(
    port: number,
    { appendOnly, durable }: Persistence = { appendOnly: true, durable: false },
    settings: readonly string[] = [],
  ): void {
    const lines = [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${quoted(this.folder)}`,
      `pidfile ${quoted(this.pidFile)}`,
      `logfile ${quoted(this.logPath)}`,
      'daemonize yes',
      'save ""',
      `appendonly ${appendOnly ? 'yes' : 'no'}`,
      `appendfsync ${durable ? 'always' : 'everysec'}`,
      ...settings,
    ];
    writeFileSync(this.config, `${lines.join('\n')}\n`, { mode: 0o600 });
  }

  /** Removes the data, not the configuration. */
  clear(): void {
    for (const name of ['appendonlydir', 'dump.rdb']) {
      rmSync(join(this.folder, name), { recursive: true, force: true });
    }
  }

  /** The pid of the Redis that runs on this folder, whatever started it. */
  runningPid(): number | undefined {
    const pid = readPidFile(this.pidFile);
    if (pid === undefined || !existsSync(this.config)) return undefined;
    // Its command line is 'redis-server 127.0.0.1:6379'. The pid may belong to an unrelated
    // process.
    const port = /^port (\d+)$/m.exec(readFileSync(this.config, 'utf8'))?.[1];
    const shown = commandLine(pid);
    const isOurs = shown.endsWith(`:${port}`) || shown.includes(this.config);
    return isOurs ? pid : undefined;
  }

  /** Ends a Redis that runs on this folder, because two would corrupt each other's data. */
  async endRunning(): Promise<void> {
    const pid = this.runningPid();
    if (pid !== undefined) await endProcess(pid);
    rmSync(this.pidFile, { force: true });
  }
}

/** A word of redis.conf: in double quotes, where a backslash escapes. */
function quoted(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
