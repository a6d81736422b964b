import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError, usageErrorExpecting } from '../errors.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Which server, and the folder with everything that is kept of it, readable by its owner alone. */
export interface Place {
  readonly url: string;
  readonly folder: string;
}

const defaultUrl = 'http://localhost:8080';

/**
 * The server of `--url`, of SECURECONNECT_URL, or of the last login.
 * @throws UsageError where an address is none
 */
export async function placeOf(
  environment: Terminal['environment'],
  option: string | undefined,
): Promise<Place> {
  const home = homeOf(environment);
  const url =
    urlIn('--url', option) ??
    urlIn('SECURECONNECT_URL', environment['SECURECONNECT_URL']) ??
    urlIn(serverFileOf(home), await lastServer(home)) ??
    defaultUrl;
  return { url, folder: join(home, encodeURIComponent(url)) };
}

/** Makes a server that of the commands without `--url`. */
export async function rememberServer(
  environment: Terminal['environment'],
  { url }: Place,
): Promise<void> {
  const home = homeOf(environment);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(serverFileOf(home), `${url}\n`, { mode: 0o600 });
}

function homeOf({ HOME, SECURECONNECT_HOME, XDG_STATE_HOME }: Terminal['environment']): string {
  if (SECURECONNECT_HOME) return SECURECONNECT_HOME;
  return join(XDG_STATE_HOME || join(HOME || homedir(), '.local/state'), 'secureconnect');
}

function serverFileOf(home: string): string {
  return join(home, 'server');
}

async function lastServer(home: string): Promise<string | undefined> {
  try {
    return (await readFile(serverFileOf(home), 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** As the client takes it, without a slash at the end. */
function urlIn(name: string, text: string | undefined): string | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw usageErrorExpecting(name, text, 'an address such as https://chat.example.com');
  if (url.username !== '' || url.password !== '')
    throw new UsageError(`${name} contains a user or a password; run "secureconnect login".`);
  return url.href.replace(/\/$/, '');
}
