import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Pod, Pods } from './pods.ts';

const run = promisify(execFile);

/** What a server or sentinel answers to a command. Rejects where it does not answer within 2 s. */
export async function ask(pods: Pods, pod: Pod, ...command: string[]): Promise<string> {
  const { host, port } = pods.address(pod);
  const { stdout } = await run('redis-cli', ['-h', host, '-p', String(port), ...command], {
    timeout: 2000,
    env: { ...process.env, ...(pod.kind === 'redis' ? { REDISCLI_AUTH: pods.password } : {}) },
  });
  return stdout.trim();
}

/** "name value" lines of a sentinel's reply, as an object. */
export function fields(reply: string): Record<string, string> {
  const words = reply.split('\n');
  return Object.fromEntries(
    words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : [])),
  );
}
