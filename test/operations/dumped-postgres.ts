import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backendScripts, freePort, runScript } from '@secureconnect/testkit';

/** Why there is no PostgreSQL whose version pg_dump knows; '' where there is one. */
export const dumpedPostgresSkipReason = backendScripts()
  ? ''
  : ' (left out: set SECURECONNECT_BACKENDS)';

/**
 * The URL of Debian's PostgreSQL, whose own pg_dump is there too: that of another version refuses the
 * embedded one, which comes without.
 */
export async function dumpedPostgres(): Promise<AsyncDisposable & { readonly url: string }> {
  const script = join(backendScripts() ?? '', 'postgres');
  const folder = await mkdtemp(join(tmpdir(), 'dumped-postgres-'));
  // Its server runs as a user of its own.
  await chmod(folder, 0o755);
  const port = await freePort();
  await runScript(script, ['start', '--dir', folder, '--port', String(port)]);
  const password = await readFile(join(folder, 'password'), 'utf8');
  return {
    url: `postgresql://secureconnect:${password}@127.0.0.1:${port}/postgres`,
    async [Symbol.asyncDispose]() {
      await runScript(script, ['stop', '--dir', folder]);
      await rm(folder, { recursive: true });
    },
  };
}
