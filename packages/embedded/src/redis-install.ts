import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram, findRedis, redisNeeded } from '@secureconnect/degraded-mode/servers';

// Debian starts a service when its package is installed, unless policy-rc.d forbids it. One shell
// does everything, so that a kill of this process leaves nothing half done.
const script = `
set -u
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' >"$policy" && chmod 755 "$policy" || exit 1
fi
export DEBIAN_FRONTEND=noninteractive
get() { apt-get -qq -o DPkg::Lock::Timeout=120 -o Acquire::Retries=1 -o Acquire::http::Timeout=20 "$@"; }
add() { get install -y --no-install-recommends redis-server; }
add || { get update && add; }
`;

/** How to get Redis on this machine. */
export const howToGetRedis = `${redisNeeded}, or set REDIS_URL to one that runs elsewhere`;

/**
 * Installs redis-server with apt-get, as root on Debian or Ubuntu, without starting its service.
 * @param announce called before the installation
 * @returns the full path of the program
 * @throws Error with the reason why it is not installed, and a remedy.
 */
export async function installRedis(announce: (line: string) => void): Promise<string> {
  const reason = obstacle();
  if (reason !== undefined) throw new Error(`Redis is not installed (${reason}): ${howToGetRedis}`);
  announce(
    'Redis was not found: installing redis-server with apt-get, without starting its service ' +
      '(SECURECONNECT_NO_INSTALL=1 forbids this)',
  );
  const shell = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  }
  const [code] = await once(shell, 'close');
  const program = findRedis();
  if (code === 0 && program !== undefined) return program;
  const end = said.join('').trimEnd().split('\n').slice(-10).join('\n');
  const problem = code === 0 ? 'apt-get offers a version before 7' : `apt-get failed:\n${end}\n`;
  throw new Error(`Redis could not be installed (${problem}): ${howToGetRedis}`);
}

/** Why Redis cannot be installed; undefined if it can. */
function obstacle(): string | undefined {
  if (process.env['SECURECONNECT_NO_INSTALL'] === '1') {
    return 'SECURECONNECT_NO_INSTALL=1 forbids it';
  }
  if (process.getuid?.() !== 0) return 'only root can install it';
  if (findProgram('apt-get') === undefined) return 'there is no apt-get';
  return undefined;
}
