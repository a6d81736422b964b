import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, OutageLog } from '@secureconnect/service';
import { type KubernetesAddress, kubectl } from '@secureconnect/testkit';
import { readCluster } from '../src/signals/kubernetes/cluster.ts';
import { InTurn } from '../src/signals/kubernetes/in-turn.ts';
import { openKubernetesApi } from '../src/signals/kubernetes/kubernetes-api.ts';
import { openKubernetesSink } from '../src/signals/kubernetes/kubernetes-sink.ts';
import { type SinkParts, sinkParts } from '../src/signals/kubernetes/sink-parts.ts';
import type { RemediationSink } from '../src/signals/sink.ts';
import type { KubernetesSinkConfig } from '../src/signals/sink-config.ts';

const manifests = join(import.meta.dirname, '../../../deploy/kubernetes/base');
/** These tests ask what is done, on a machine that may be busy; how long it may take is another. */
const patient = { callMs: 15_000, workMs: 15_000 };
const account = 'secureconnect-gateway';

/** A namespace of a test's own, with the gateway's service account and its role. */
export interface KubernetesWorld {
  /** As the gateway's service account. */
  readonly config: KubernetesSinkConfig;
  /** Runs kubectl there as an administrator. */
  run(values: readonly string[], input?: string): Promise<string>;
  /** The same as the gateway. */
  runAsGateway(values: readonly string[], input?: string): Promise<string>;
  openSink(): Promise<RemediationSink>;
  /** What a sink works with, to leave things as one does that ends in the middle. */
  openParts(): Promise<SinkParts>;
}

/** Applies what the manifests of the deployment say: the definitions, and what the gateway may do. */
export async function kubernetesWorld(
  server: KubernetesAddress,
  stack: AsyncDisposableStack,
): Promise<KubernetesWorld> {
  const namespace = `gateway-${randomUUID().slice(0, 8)}`;
  const definitions = join(manifests, 'crds');
  await kubectl(server, ['apply', '--server-side', '--force-conflicts', '-f', definitions]);
  const established = ['--for=condition=Established', '--timeout=30s', '-f', definitions];
  await kubectl(server, ['wait', ...established]);
  await kubectl(server, ['create', 'namespace', namespace]);
  stack.defer(async () => {
    await kubectl(server, ['delete', 'namespace', namespace, '--wait=false']);
  });
  const run = (values: readonly string[], input?: string) =>
    kubectl(server, ['--namespace', namespace, ...values], input);
  const role = await readFile(join(manifests, 'gateway-rbac.yaml'), 'utf8');
  await run(
    ['apply', '-f', '-'],
    role.replace('namespace: secureconnect', `namespace: ${namespace}`),
  );
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-kubeconfig-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, await kubeconfigOf(await run(['create', 'token', account]), run));
  const config = { kind: 'kubernetes', namespace, kubeconfig } as const;
  return {
    config,
    run,
    runAsGateway: (values, input) =>
      kubectl({ ...server, kubeconfig }, ['--namespace', namespace, ...values], input),
    async openSink() {
      const log = createLogger({ service: 'test', level: 'silent' });
      const { sink, close } = await openKubernetesSink(config, log, patient);
      stack.defer(close);
      return sink;
    },
    async openParts() {
      const api = openKubernetesApi(await readCluster(kubeconfig), patient.callMs);
      stack.defer(() => api.close());
      const log = createLogger({ service: 'test', level: 'silent' });
      const outages = new OutageLog({ log, fields: {} });
      return sinkParts({ api, namespace, inTurn: new InTurn(), outages }, 60_000);
    },
  };
}

interface Kubeconfig {
  readonly contexts: readonly { readonly context: { readonly user: string } }[];
}

/** An administrator's kubeconfig for somebody else: with the same server, and another token. */
async function kubeconfigOf(token: string, run: KubernetesWorld['run']): Promise<string> {
  const view = ['config', 'view', '--raw', '--flatten', '--minify', '-o', 'json'];
  const admin = JSON.parse(await run(view)) as Kubeconfig;
  const [first] = admin.contexts;
  const users = [{ name: first?.context.user, user: { token: token.trim() } }];
  return JSON.stringify({ ...admin, users });
}
