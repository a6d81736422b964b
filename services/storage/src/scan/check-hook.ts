import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ScanHook } from './scan-config.ts';
import { ScanHookFailed } from './scan-hook-failed.ts';

const limitMs = 5000;
/** The answers of a proxy whose server is down. */
const awayStatuses: readonly number[] = [502, 503, 504];

/**
 * Checks whether the hook could be asked, without asking it about a file: a URL must answer
 * OPTIONS, whatever it says, and a program must be executable. Rejects with ScanHookFailed.
 */
export async function checkHook(hook: ScanHook): Promise<void> {
  try {
    if (hook.kind === 'url') await checkUrl(hook.url);
    if (hook.kind === 'command') await checkCommand(hook.command);
  } catch (error) {
    throw new ScanHookFailed(error);
  }
}

async function checkUrl(url: string): Promise<void> {
  const response = await fetch(url, { method: 'OPTIONS', signal: AbortSignal.timeout(limitMs) });
  await response.body?.cancel();
  if (awayStatuses.includes(response.status)) {
    throw new Error(`the scan hook answered ${response.status}`);
  }
}

/** Finds a program as `spawn` does: by its path, or by its name in PATH. */
async function checkCommand(command: string): Promise<void> {
  const folders = command.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  await Promise.any(folders.map((folder) => access(join(folder, command), constants.X_OK)));
}
