import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type KubernetesAddress, kubectl } from '@secureconnect/testkit';
import { edit } from './edit.ts';
import { type Manifest, workloads } from './manifest.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

export const overlays = ['local', 'production'] as const;
const production = 'kubernetes/overlays/production/kustomization.yaml';
export type Overlay = (typeof overlays)[number];

/** A copy of deploy/, with the secrets of the local overlay, and with monitoring in production. */
export interface Deploy extends AsyncDisposable {
  readonly folder: string;
  /** What an overlay builds to, as the API server would store it. */
  readonly built: Readonly<Record<Overlay, readonly Manifest[]>>;
}

/**
 * Builds the overlays, and has the API server judge them as strictly as it can. The namespace and the
 * custom kinds are made for real, because a dry run makes nothing that what follows could be in.
 */
export async function buildOverlays(kubernetes: KubernetesAddress): Promise<Deploy> {
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-deploy-'));
  await cp(join(root, 'deploy'), folder, { recursive: true });
  await rm(join(folder, 'kubernetes/overlays/local/secrets.env'), { force: true });
  await run(join(folder, 'kubernetes/overlays/local/make-secrets.sh'));
  await edit(join(folder, production), (text) =>
    text.replace('components: []', 'components: [../../components/monitoring]'),
  );
  // In production the services refuse the hosts of the examples.
  await edit(join(folder, dirname(production), 'settings.env'), (text) =>
    text.replaceAll('example.com', 'secureconnect.internal'),
  );
  await createKinds(kubernetes, folder);
  const build = async (overlay: Overlay): Promise<readonly Manifest[]> => {
    const path = join(folder, 'kubernetes/overlays', overlay);
    const text = await kubectl(kubernetes, ['kustomize', path]);
    return judged(kubernetes, text);
  };
  return {
    folder,
    built: { local: await build('local'), production: await build('production') },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function createKinds(kubernetes: KubernetesAddress, folder: string): Promise<void> {
  const fixtures = join(import.meta.dirname, 'fixtures');
  const files = [
    join(folder, 'kubernetes/base/namespace.yaml'),
    join(folder, 'kubernetes/base/crds'),
    join(fixtures, 'monitoring-crds.yaml'),
    join(fixtures, 'gateway-api-crds.yaml'),
  ];
  await kubectl(kubernetes, ['apply', ...files.flatMap((file) => ['-f', file])]);
  const until = '--for=condition=Established';
  await kubectl(kubernetes, ['wait', until, 'crd', '--all', '--timeout=60s']);
}

/**
 * What the API server would store; nothing is stored. Throws Error with its complaint where it refuses
 * an object, or a field that it does not know.
 */
export async function judged(
  kubernetes: KubernetesAddress,
  text: string,
  further: readonly string[] = [],
): Promise<readonly Manifest[]> {
  const options = ['--dry-run=server', '--validate=strict', '--output=json', '-f', '-'];
  const reply: Manifest & { items?: readonly Manifest[] } = JSON.parse(
    await kubectl(kubernetes, ['apply', ...options, ...further], text),
  );
  return reply.items ?? [reply];
}

/**
 * Has the API server judge the pods of all workloads as their controllers would make them. Throws
 * Error where the namespace `secureconnect` refuses one (Pod Security, restricted).
 */
export async function judgePods(
  kubernetes: KubernetesAddress,
  manifests: readonly Manifest[],
): Promise<number> {
  const items = workloads(manifests).map(({ kind, name, template, manifest }) => {
    // As its StatefulSet would add them.
    const claimed = (manifest.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: metadata.name },
    }));
    const volumes = [...(template.spec.volumes ?? []), ...claimed];
    const spec = { ...template.spec, volumes, restartPolicy: 'Never' };
    const metadata = { name: `${kind.toLowerCase()}-${name}`, namespace: 'secureconnect' };
    return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
  });
  const list = { apiVersion: 'v1', kind: 'List', items };
  return (await judged(kubernetes, JSON.stringify(list))).length;
}
