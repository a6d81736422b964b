import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KubernetesAddress, kubectl } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { workloads } from './manifest.ts';
import { judged } from './overlay.ts';

const source = join(import.meta.dirname, '../../deploy/kubernetes');
const kustomization = `
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: secureconnect
components: [../turn]
`;

/** The test of components/turn, with the API server of the other manifests. */
export function turnComponent(apiServer: () => KubernetesAddress): void {
  it('accepts the component of the TURN server, and its pod by Pod Security (restricted)', async () => {
    await using parts = new AsyncDisposableStack();
    const kubernetes = apiServer();
    const folder = await mkdtemp(join(tmpdir(), 'secureconnect-turn-'));
    parts.defer(() => rm(folder, { recursive: true }));
    await cp(join(source, 'components/turn'), join(folder, 'turn'), { recursive: true });
    await mkdir(join(folder, 'overlay'));
    await writeFile(join(folder, 'overlay/kustomization.yaml'), kustomization);

    const text = await kubectl(kubernetes, ['kustomize', join(folder, 'overlay')]);
    const built = await judged(kubernetes, text);
    expect(built.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'NetworkPolicy',
      'Service',
    ]);
    const [turn] = workloads(built);
    if (turn === undefined) throw new Error('there is no workload');
    const { template, manifest } = turn;
    const metadata = { name: 'turn', namespace: 'secureconnect' };
    const spec = { ...template.spec, restartPolicy: 'Never' };
    await judged(kubernetes, JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec }));

    // Its options come from the files that the tests of coturn run.
    const map = built.find(({ kind }) => kind === 'ConfigMap');
    for (const file of ['turnserver.conf', 'run-coturn.sh']) {
      const ours = await readFile(join(source, 'components/turn', file), 'utf8');
      expect(map?.data?.[file], file).toBe(ours);
    }
    expect(manifest.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    const [container] = template.spec.containers;
    expect(container).toMatchObject({ command: ['sh', '/opt/coturn/run-coturn.sh'] });
    expect(container?.env?.map(({ name }) => name)).toEqual([
      'TURN_SECRET',
      'TURN_SECRET_PREVIOUS',
      'TURN_RELAY_IP',
    ]);
  });
}
