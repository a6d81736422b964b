import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '@secureconnect/embedded';
import { TemporaryFolder } from '../support/temporary-folder.ts';

export interface CassandraAddress extends AsyncDisposable {
  /** `host:port`. */
  readonly contactPoint: string;
}

/**
 * The Cassandra that `TEST_CASSANDRA` names, else one that is started by the script in
 * `SECURECONNECT_BACKENDS`.
 * @throws Error where neither is set
 */
export async function cassandraAddress(): Promise<CassandraAddress> {
  const named = process.env['TEST_CASSANDRA'];
  if (named) return { contactPoint: named, [Symbol.asyncDispose]: async () => undefined };
  const scripts = process.env['SECURECONNECT_BACKENDS'];
  if (!scripts) throw new Error('Set TEST_CASSANDRA (host:port) or SECURECONNECT_BACKENDS.');
  const script = join(scripts, 'cassandra');
  const folder = new TemporaryFolder();
  const [port, storagePort] = [await freePort(), await freePort()];
  const ports = ['--port', `${port}`, '--storage-port', `${storagePort}`];
  // It lives in a session of its own, so nothing else ends it when this process is interrupted.
  const stop = (): void => run(script, ['stop', '--data', folder.path]);
  process.prependOnceListener('exit', stop);
  run(script, ['start', '--data', folder.path, ...ports, '--background']);
  return {
    contactPoint: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      process.off('exit', stop);
      stop();
      folder[Symbol.dispose]();
    },
  };
}

function run(script: string, values: readonly string[]): void {
  const { status } = spawnSync(script, values, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${script} ${values.join(' ')} failed`);
}
