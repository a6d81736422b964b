import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@secureconnect/embedded';
import type { S3Config } from '../../services/storage/src/objects/s3/s3-config.ts';
import { TemporaryFolder } from '../support/temporary-folder.ts';

/** A bucket that the service makes, in an S3 that is there for the benchmark alone. */
export async function startS3(resources: AsyncDisposableStack): Promise<S3Config | undefined> {
  const scripts = process.env['SECURECONNECT_BACKENDS'];
  if (!scripts) return undefined;
  const script = join(scripts, 's3');
  const folder = resources.use(new TemporaryFolder());
  // It lives in a session of its own, so nothing else ends it when this process is interrupted.
  const stop = (): void => run(script, ['stop', '--dir', folder.path]);
  process.prependOnceListener('exit', stop);
  resources.defer(() => {
    process.off('exit', stop);
    stop();
  });
  run(script, ['start', '--dir', folder.path, '--port', `${await freePort()}`]);
  const written = readFileSync(join(folder.path, 'env'), 'utf8');
  const value = (name: string): string => {
    const [, found] = new RegExp(`^${name}=(.*)$`, 'm').exec(written) ?? [];
    if (found === undefined) throw new Error(`the script has written no ${name}`);
    return found;
  };
  return {
    endpoint: value('S3_ENDPOINT'),
    publicEndpoint: value('S3_ENDPOINT'),
    region: value('S3_REGION'),
    bucket: 'bench',
    accessKey: value('S3_ACCESS_KEY'),
    secretKey: value('S3_SECRET_KEY'),
  };
}

function run(script: string, values: readonly string[]): void {
  const { status } = spawnSync(script, values, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${script} ${values.join(' ')} failed`);
}
