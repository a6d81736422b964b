import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '@secureconnect/embedded';
import { ConfigError } from '@secureconnect/service/environment';

/**
 * Locks a data directory for this process until disposed. Takes over the lock of a process that has
 * ended.
 * @throws ConfigError if a different process holds the lock.
 */
export function lockDataDir(dataDir: string): Disposable {
  const path = join(dataDir, 'starter.lock');
  // With the command line, because after a crash a different process may get the pid.
  const mine = `${process.pid} ${commandLine(process.pid)}\n`;
  if (!tryToCreate(path, mine)) {
    const holder = readFileSync(path, 'utf8');
    const pid = Number.parseInt(holder, 10);
    const isHeld = pid !== process.pid && holder === `${pid} ${commandLine(pid)}\n`;
    if (isHeld) {
      throw new ConfigError(
        `${dataDir} is in use by process ${pid}. Stop that process, or set SECURECONNECT_DATA_DIR.`,
      );
    }
    rmSync(path, { force: true });
    if (!tryToCreate(path, mine)) {
      throw new ConfigError(`${dataDir} was just taken by a different process; retry.`);
    }
  }
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

function tryToCreate(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
