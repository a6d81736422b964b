import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort } from '../../packages/testkit/src/index.ts';

/** One instance of chat in a process of its own, so that its memory can be told from the load's. */
export interface ChatProcess extends AsyncDisposable {
  readonly url: string;
  /** Memory that it holds now, in bytes (VmRSS of /proc, Linux). */
  memoryBytes(): number;
  /** Lines of its log at `warn` and above. */
  readonly complaints: readonly string[];
}

const root = join(import.meta.dirname, '../..');
const readyWithinMs = 20_000;

/** Starts it with these variables and waits until it is ready. */
export async function startChatProcess(environment: NodeJS.ProcessEnv): Promise<ChatProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, ['services/chat/src/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'warn', CHAT_PORT: String(port), ...environment },
  });
  const complaints: string[] = [];
  child.stdout.on('data', (data: Buffer) => complaints.push(data.toString()));
  const url = `http://127.0.0.1:${port}`;
  const dispose = async (): Promise<void> => {
    const ended = once(child, 'exit');
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await eventually(
      async () => {
        if (!(await fetch(`${url}/ready`)).ok) throw new Error('not ready');
      },
      { timeoutMs: readyWithinMs },
    );
  } catch (error) {
    await dispose();
    throw new Error(`chat did not start: ${complaints.join('')}`, { cause: error });
  }
  return {
    url,
    complaints,
    memoryBytes: () => residentBytes(child.pid ?? 0),
    [Symbol.asyncDispose]: dispose,
  };
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`no VmRSS in /proc/${pid}/status`);
  return Number(kibibytes) * 1024;
}
