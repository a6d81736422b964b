import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { eventually, freePort } from '@secureconnect/testkit';

export interface ExampleOptions {
  /** The program of Node. Default the one of this process. */
  readonly node?: string;
  /** The example's file. */
  readonly script: string;
}

/** What an example answered. */
export interface Reply {
  readonly status: number;
  readonly degraded: string | null;
  readonly retryAfter: string | null;
  /** Parsed. */
  readonly body: unknown;
}

/**
 * Starts an app of the README in a process of its own; resolves when it serves its table.
 * @param env its settings, beside `PORT`
 */
export async function startExample(
  { node, script }: ExampleOptions,
  env: Readonly<Record<string, string>>,
) {
  const port = await freePort();
  // It ends with this process, however that ends.
  const leash = 'data:text/javascript,process.on("disconnect",()=>process.exit())';
  const child = spawn(node ?? process.execPath, ['--import', leash, script], {
    cwd: dirname(script),
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');

  async function send(method: string, path: string): Promise<Reply> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return {
      status: response.status,
      degraded: response.headers.get('x-degraded'),
      retryAfter: response.headers.get('retry-after'),
      body: await response.json(),
    };
  }
  await eventually(() => send('GET', '/v1/degraded'), { timeoutMs: 15_000 });
  return {
    send,
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
