import { randomUUID } from 'node:crypto';
import { type KubernetesAddress, kubectl } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { chart, helm, valuesFile } from './helm.ts';
import type { Deploy } from './overlay.ts';
import { sampleSecrets } from './sample-secrets.ts';

/** What the tests of the chart share with those of the overlays. */
export interface ChartScene {
  readonly kubernetes: KubernetesAddress;
  readonly deploy: Deploy;
}

/** Tests of installing and upgrading, for real, in a namespace of their own. */
export function releases(given: () => ChartScene, valuesOf: (deploy: Deploy) => object): void {
  // Nothing runs in a test's own API server. In a shared one, pods would start.
  const skipReason = process.env['TEST_KUBERNETES'] ? ' (left out: applies for real)' : '';
  const title = 'names missing Secrets, migrates first, and rolls pods for a new version alone';
  it.skipIf(skipReason !== '')(`${title}${skipReason}`, { timeout: 60_000 }, async () => {
    const { kubernetes, deploy } = given();
    const namespace = `chart-${randomUUID()}`;
    await apply(kubernetes, [namespaceOf(namespace), clusterAuthority(namespace)]);
    await using values = await valuesFile({
      ...valuesOf(deploy),
      // The definitions are in the cluster already, and not this release's.
      alerts: { sink: 'kubernetes', definitions: false },
      // Forty objects are enough; each takes three requests.
      monitoring: { enabled: false },
    });
    const target = ['--kubeconfig', kubernetes.kubeconfig, '--namespace', namespace];
    const fixed = ['--install', '--values', values.path, '--timeout', '50s', '--qps', '500'];
    const outputOf = (...options: readonly string[]): Promise<string> =>
      helm('upgrade', 'secureconnect', chart, ...target, ...fixed, ...options);
    const upgrade = async (...options: readonly string[]): Promise<ReadonlyMap<string, string>> => {
      expect(await outputOf(...options)).toMatch(
        /port-forward service\/api-gateway 8080\n\nNobody/,
      );
      return stored(kubernetes, namespace);
    };

    await expect(upgrade()).rejects.toThrow(
      `The Secret redis in the namespace ${namespace} is missing, or lacks keys: password.`,
    );
    await apply(kubernetes, secretsOf(namespace));
    const [first] = await Promise.all([upgrade(), completeMigrations(kubernetes, namespace)]);

    // No controller completes further Jobs here.
    expect(await upgrade('--no-hooks')).toEqual(first);
    const later = await upgrade('--no-hooks', '--set', 'image.tag=99.0.0');
    const changed = [...later].filter(([name, version]) => first.get(name) !== version);
    const services = ['api-gateway', 'auth-service', 'chat-service', 'storage-service'];
    expect(changed.map(([name]) => name).sort()).toEqual(
      [...services, 'video-service'].map((name) => `Deployment/${name}`),
    );

    const ingress = 'ingress.enabled=true,ingress.host=api.internal,ingress.tls.secretName=api';
    const notes = await outputOf('--no-hooks', '--dry-run=server', '--set', ingress);
    expect(notes).toContain('Clients reach the gateway at https://api.internal.\nsettings.GATEWAY');
  });
}

/**
 * Waits for the Job of the migrations, looks at what is there by then, and completes it as the
 * controller of Jobs would.
 */
async function completeMigrations(kubernetes: KubernetesAddress, namespace: string): Promise<void> {
  const here = ['--namespace', namespace];
  await kubectl(kubernetes, ['wait', ...here, '--for=create', 'job/migrations', '--timeout=40s']);
  const names = await kubectl(kubernetes, ['get', ...here, 'cm,netpol,deployments', '-o=name']);
  const inTime = names.trim().split('\n').sort();
  expect(inTime).toEqual([
    'configmap/kube-root-ca.crt',
    'configmap/migrations',
    'networkpolicy.networking.k8s.io/migrations',
  ]);
  const time = new Date().toISOString().replace(/\.\d+/, '');
  const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) => ({ type, status: 'True' }));
  const status = { startTime: time, completionTime: time, succeeded: 1, conditions };
  const patch = ['--subresource=status', '--type=merge', '--patch', JSON.stringify({ status })];
  await kubectl(kubernetes, ['patch', ...here, 'job/migrations', ...patch]);
}

interface StoredObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

/** The objects of the namespace by kind and name, each with a version that every write changes. */
async function stored(
  kubernetes: KubernetesAddress,
  namespace: string,
): Promise<ReadonlyMap<string, string>> {
  const kinds = 'deployments,services,configmaps,networkpolicies,roles,rolebindings,hpa,pdb';
  const options = ['--namespace', namespace, '--output', 'json'];
  const { items } = JSON.parse(await kubectl(kubernetes, ['get', kinds, ...options]));
  return new Map(
    items.map(({ kind, metadata }: StoredObject) => [
      `${kind}/${metadata.name}`,
      metadata.resourceVersion,
    ]),
  );
}

async function apply(kubernetes: KubernetesAddress, items: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items };
  await kubectl(kubernetes, ['apply', '-f', '-'], JSON.stringify(list));
}

function namespaceOf(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** A running cluster has it in every namespace; the chart knows by it that there is a cluster. */
function clusterAuthority(namespace: string): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace } };
}

function secretsOf(namespace: string): readonly object[] {
  const names = new Set(Object.keys(sampleSecrets).map((path) => path.split('/')[0]));
  return [...names].map((name) => {
    const own = Object.entries(sampleSecrets).filter(([path]) => path.startsWith(`${name}/`));
    const pairs = own.map(([path, value]) => [path.replace(`${name}/`, ''), value]);
    const stringData = Object.fromEntries(pairs);
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData };
  });
}
