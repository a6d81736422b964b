import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why nothing can be run in this image; '' where it can. */
export function imageSkipReason(image: string): string {
  const { status } = spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' });
  return status === 0 ? '' : ` (left out: no Docker engine has ${image})`;
}

/** What a command of Docker says. Rejects with its complaint where it fails. */
async function docker(...values: readonly string[]): Promise<string> {
  return (await run('docker', values)).stdout.trim();
}
