import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type KubernetesAddress, kubectl } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { edit } from './edit.ts';
import { complaintOf, environmentOf } from './environment.ts';
import { readers } from './known-variables.ts';
import { deployments, kinds, type Manifest, workloadOf, workloads } from './manifest.ts';
import { judged } from './overlay.ts';

const run = promisify(execFile);
const deploy = join(import.meta.dirname, '../../deploy');

/** The address of the repository in the example. */
const published = 'https://github.com/OWNER/secureconnect';
/** What the example leaves out, because not every cluster has it. */
const additions = `
  - ingress-nginx.yaml
  - gateway-api.yaml
components:
  - ../deploy/grafana
`;
/** What differs from the production overlay; the rest the API server has judged there. */
const judgedKinds = ['ConfigMap', 'Deployment', 'Gateway', 'HTTPRoute', 'Ingress', 'Job'];

/** The test of deploy/kubernetes/examples, with the API server of the other manifests. */
export function ownOverlay(apiServer: () => KubernetesAddress): void {
  it('builds an overlay of one’s own over a tag of the repository, with TLS and dashboards', async () => {
    await using parts = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'secureconnect-own-'));
    parts.defer(() => rm(folder, { recursive: true }));
    const kubernetes = apiServer();
    const own = await createOwnOverlay(folder);
    const text = await kubectl(kubernetes, ['kustomize', own]);
    const all = parseAllDocuments(text).map((document): Manifest => document.toJS());
    const items = all.filter(({ kind }) => judgedKinds.includes(kind));
    const list = { apiVersion: 'v1', kind: 'List', items };
    const built = await judged(kubernetes, JSON.stringify(list));

    expect([...new Set(built.map(({ kind }) => kind))].sort()).toEqual(judgedKinds);
    expect(deployments(built)).toHaveLength(5);
    for (const { template, name } of workloads(built)) {
      expect(template.spec.containers[0]?.image, name).toMatch(
        /^registry\.example\.com\/secureconnect\//,
      );
    }
    for (const service of Object.keys(readers)) {
      expect(complaintOf(service, environmentOf(built, service))).toBe('');
    }
    const [settings] = kinds(built, 'ConfigMap').filter(({ metadata }) =>
      /^secureconnect-[a-z0-9]{10}$/.test(metadata.name),
    );
    const migrations = kinds(built, 'ConfigMap').find(
      ({ metadata: { name } }) => name === 'migrations',
    );
    expect(settings?.data).toHaveProperty('S3_ENDPOINT', 'https://s3.secureconnect.internal');
    expect(migrations?.data).toEqual(settings?.data);
    const [container] = workloadOf(built, 'migrations').template.spec.containers;
    expect(container?.envFrom).toEqual([{ configMapRef: { name: 'migrations' } }]);
    expect(dashboardsOf(built)).toEqual(await dashboardFiles());
  }, 60_000);
}

/**
 * The example as an operator has it: its base is a git repository with the tag of the version, and its
 * hosts are nobody's example.
 *
 * @returns its path.
 */
async function createOwnOverlay(folder: string): Promise<string> {
  await cp(deploy, join(folder, 'deploy'), { recursive: true });
  const examples = join(folder, 'deploy/kubernetes/examples');
  const own = join(folder, 'own');
  await cp(join(examples, 'own-overlay'), own, { recursive: true });
  for (const file of ['ingress-nginx.yaml', 'gateway-api.yaml']) {
    await cp(join(examples, file), join(own, file));
  }
  let tag = '';
  await edit(join(own, 'kustomization.yaml'), (text) => {
    tag = /\?ref=(\S+)/.exec(text)?.[1] ?? '';
    return text.replace(published, `file://${folder}`).replace(/(?<=\?ref=\S+)\n/, additions);
  });
  await edit(join(own, 'settings.env'), (text) =>
    text.replaceAll('example.com', 'secureconnect.internal'),
  );
  const git = (...words: readonly string[]): Promise<unknown> =>
    run('git', ['-C', folder, ...words]);
  await git('init', '--quiet');
  await git('add', 'deploy');
  const author = ['-c', 'user.name=operator', '-c', 'user.email=operator@secureconnect.internal'];
  await git(...author, 'commit', '--quiet', '--no-gpg-sign', '--message', 'The version');
  await git('tag', tag);
  return own;
}

/** By file, as Grafana's sidecar finds them. */
function dashboardsOf(manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  const labelled = kinds(manifests, 'ConfigMap').filter(
    ({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1',
  );
  return Object.assign({}, ...labelled.map(({ data }) => data));
}

async function dashboardFiles(): Promise<Readonly<Record<string, string>>> {
  const folder = join(deploy, 'grafana/dashboards');
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return Object.fromEntries(files.map((file, index) => [file, texts[index] ?? '']));
}
