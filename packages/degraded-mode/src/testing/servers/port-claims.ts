import { mkdir, open, stat, utimes } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Longer than a server takes to listen on its port, even on a busy machine. */
const claimMs = 120_000;

/**
 * Claims a port for this process; false if a process of this user has claimed it lately. Without
 * claims, two processes could get the same free port before either of them listens on it. A claim
 * is a file named by the port.
 * @param directory of the claims; created if it is missing.
 * @throws the file system's error if claims cannot be stored there.
 */
export async function claimPort(port: number, directory = claimsDirectory()): Promise<boolean> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, String(port));
  try {
    await (await open(file, 'wx')).close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const { mtimeMs } = await stat(file);
  if (Date.now() - mtimeMs < claimMs) return false;
  const now = new Date();
  await utimes(file, now, now);
  return true;
}

function claimsDirectory(): string {
  return join(tmpdir(), `secureconnect-ports-${userInfo().username}`);
}
