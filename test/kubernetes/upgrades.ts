import { join } from 'node:path';
import { type KubernetesAddress, kubectl } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { kubernetesVersions, withVersion } from '../../scripts/generate/kubernetes-version.ts';
import { edit } from './edit.ts';
import { workloadOf } from './manifest.ts';
import type { Deploy } from './overlay.ts';

interface Applied {
  readonly kubernetes: KubernetesAddress;
  readonly deploy: Deploy;
}

/** Tests of applying again; they apply for real, and change the copy of deploy/. */
export function upgrades(applied: () => Applied): void {
  // Nothing runs in a test's own API server. In a shared one, pods would start.
  const skipReason = process.env['TEST_KUBERNETES'] ? ' (left out: applies for real)' : '';
  const title = `migrates again for a new version, and for nothing else${skipReason}`;
  it.skipIf(skipReason !== '')(title, { timeout: 60_000 }, async () => {
    const { kubernetes, deploy } = applied();
    const { folder } = deploy;
    const { manifest } = workloadOf(deploy.built.production, 'migrations');
    const job = `Job/${manifest.metadata.name}`;
    const first = await applyProduction(kubernetes, folder);
    expect(first).toHaveProperty(job);

    await edit(join(folder, 'kubernetes/overlays/production/settings.env'), (text) =>
      text.replace(/^CASSANDRA_REPLICATION_FACTOR=.*$/m, 'CASSANDRA_REPLICATION_FACTOR=2'),
    );
    const other = await applyProduction(kubernetes, folder);
    const isOther = (object: string): boolean => other[object] !== first[object];
    expect(Object.keys(other)).toEqual(Object.keys(first));
    // The gateway is of the new hash; the Job reads the new values where it runs next.
    const changed = ['ConfigMap/migrations', 'Deployment/api-gateway'];
    expect(Object.keys(first).filter(isOther).sort()).toEqual(changed);

    for (const { file } of kubernetesVersions) {
      const path = join(folder, file.replace(/^deploy\//, ''));
      await edit(path, (text) => withVersion(text, '99.0.0'));
    }
    const next = await applyProduction(kubernetes, folder);
    expect(Object.keys(next)).toContain('Job/migrations-99-0-0');
    expect(Object.keys(next)).not.toContain(job);
    const get = ['-n', 'secureconnect', 'get', job, '-o', 'jsonpath={.metadata.resourceVersion}'];
    // The earlier Job is as it was, until a day after its end.
    expect(await kubectl(kubernetes, get)).toBe(first[job]);
  });
}

/** An object in the API server; its `resourceVersion` changes with each write to it. */
interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

/**
 * `kubectl apply -k` of the production overlay in a copy of deploy/, with strict validation, for the
 * objects of the migrations and of the gateway alone: of the others none is different in kind.
 *
 * @returns the resource version of each object after it, by `Kind/name`.
 */
async function applyProduction(
  kubernetes: KubernetesAddress,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const overlay = join(folder, 'kubernetes/overlays/production');
  const selector = 'app.kubernetes.io/name in (migrations, api-gateway)';
  const options = ['--validate=strict', '--output=json', '--selector', selector];
  const reply: { readonly items: readonly Stored[] } = JSON.parse(
    await kubectl(kubernetes, ['apply', '-k', overlay, ...options]),
  );
  return Object.fromEntries(
    reply.items.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.resourceVersion]),
  );
}
