import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type KubernetesAddress, kubectl } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { sampleSecrets } from './sample-secrets.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, '../../deploy/kubernetes/make-secrets.sh');

/** What make-secrets.test.ts cannot show with its kubectl: that a real one does what is asked. */
export function createdSecrets(apiServer: () => KubernetesAddress): void {
  it('stores the Secrets of make-secrets.sh, and replaces a key of them', {
    timeout: 60_000,
  }, async () => {
    const { kubeconfig, program } = apiServer();
    const namespace = `secrets-${randomUUID()}`;
    await kubectl(apiServer(), ['create', 'namespace', namespace]);
    await using parts = new AsyncDisposableStack();
    parts.defer(async () => {
      await kubectl(apiServer(), ['delete', 'namespace', namespace, '--wait=false']);
    });
    const PATH = `${dirname(program)}:${process.env['PATH']}`;
    const makeSecrets = (given: NodeJS.ProcessEnv, ...options: readonly string[]) =>
      run(script, ['--namespace', namespace, ...options], {
        // kubectl keeps its cache in HOME, or in the working directory.
        env: { PATH, HOME: homedir(), KUBECONFIG: kubeconfig, ...given },
      });
    const given = Object.fromEntries(
      Object.entries(sampleSecrets).map(([key, value]) => [key.replace(/^.*\//, ''), value]),
    );
    await makeSecrets({ ...given, REDIS_PASSWORD: sampleSecrets['redis/password'] });
    await makeSecrets({ SMTP_URL: 'smtp://other.internal' }, '--replace');

    const get = ['--namespace', namespace, 'get', 'secrets', '--output', 'json'];
    const { items } = JSON.parse(await kubectl(apiServer(), get));
    const stored = items.flatMap(({ metadata, data }: StoredSecret) =>
      Object.entries(data).map(([key, value]) => [
        `${metadata.name}/${key}`,
        Buffer.from(value, 'base64').toString(),
      ]),
    );
    const expected = { ...sampleSecrets, 'secureconnect/SMTP_URL': 'smtp://other.internal' };
    expect(Object.fromEntries(stored)).toEqual(expected);
  });
}

interface StoredSecret {
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}
