import { mkdir, open, stat, utimes } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Longer than a server takes from being told its port to listening on it, on a busy machine. */
const claimMs = 120_000;

/**
 * Whether this process may have the port: no other process of this user has claimed it lately. Between
 * the answer that a port is free and the moment a server listens there, another process could be given
 * the same one; so each claims what it hands out, in a file by its number.
 * @param directory of the claims, made where it is missing.
 * @throws the file system's error when claims cannot be kept there.
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
