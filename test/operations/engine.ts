import { spawnSync } from 'node:child_process';

/** Why nothing can be run in this image; '' where it can. */
export function imageSkipReason(image: string): string {
  const { status } = spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' });
  return status === 0 ? '' : ` (left out: no Docker engine has ${image})`;
}
