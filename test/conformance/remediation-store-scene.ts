import { readFile, writeFile } from 'node:fs/promises';
import type { Database } from '@secureconnect/postgres';
import { createLogger } from '@secureconnect/service';
import { kubernetesSkipReason, sharedKubernetes } from '@secureconnect/testkit';
import { openKubernetesSink } from '../../services/gateway/src/signals/kubernetes/kubernetes-sink.ts';
import {
  type KubernetesWorld,
  kubernetesWorld,
} from '../../services/gateway/test/kubernetes-world.ts';
import { Network } from '../support/network.ts';
import { startStack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import type { DependencyScene, OpenedScene } from './dependency-scene.ts';

/** The API server of all scenes of a file: it takes seconds to start. */
interface Ground {
  readonly world: KubernetesWorld;
  readonly environment: NodeJS.ProcessEnv;
  /** Between the gateway and the API server. */
  readonly network: Network;
  /** Writes the requests to the table in SQL, which the gateway does not use then. */
  mirror(database: Database): Promise<void>;
}

const opened = new AsyncDisposableStack();
let ground: Promise<Ground> | undefined;

/** To be called when the last scene of the file is over. */
export function closeRemediationStore(): Promise<void> {
  return opened.disposeAsync();
}

async function layGround(): Promise<Ground> {
  const server = opened.use(await sharedKubernetes());
  const world = await kubernetesWorld(server, opened);
  const { namespace, kubeconfig } = world.config;
  if (kubeconfig === undefined) throw new Error('the gateway has no kubeconfig');
  const direct = await readFile(kubeconfig, 'utf8');
  const [origin = ''] = /https:\/\/[\w.-]+:\d+/.exec(direct) ?? [];
  const { hostname, port } = new URL(origin);
  const network = opened.use(await Network.to(Number(port)));
  const path = `${kubeconfig}-by-network`;
  await writeFile(path, direct.replace(origin, `https://${hostname}:${network.port}`));
  // As an administrator: a fault takes its permissions from the gateway.
  const { sink, close } = await openKubernetesSink(
    { kind: 'kubernetes', namespace, kubeconfig: server.kubeconfig },
    createLogger({ service: 'test', level: 'silent' }),
    { callMs: 10_000, workMs: 20_000 },
  );
  opened.defer(close);
  return {
    ...{ world, network },
    environment: {
      SIGNALS_SINK: 'kubernetes',
      SIGNALS_KUBERNETES_NAMESPACE: namespace,
      KUBECONFIG: path,
    },
    async mirror(database) {
      const all = { phase: undefined, signalName: undefined, after: undefined, limit: 1000 };
      const rows = (await sink.list(all)).map(({ name, signalFingerprint, deduplication }) => ({
        ...{ name, fingerprint: signalFingerprint, count: deduplication.occurrenceCount },
      }));
      await database.execute(
        `INSERT INTO gateway.remediation_requests (name, namespace, signal_fingerprint, signal_name,
           severity, environment, priority, remediation_path, signal_type, signal_source, target_type,
           firing_time, received_time, last_seen, occurrence_count, signal_labels,
           signal_annotations, provider_data, original_payload)
         SELECT name, '', fingerprint, '', '', '', '', '', '', '', '', now(), now(), now(), count,
           '{}', '{}', '{}', '{}'
         FROM jsonb_to_recordset($1) AS seen (name text, fingerprint text, count bigint)
         ON CONFLICT (name) DO UPDATE SET occurrence_count = excluded.occurrence_count`,
        [JSON.stringify(rows)],
      );
    },
  };
}

const dependency = 'remediation_store';

async function switchesOf({ network, world }: Ground): Promise<OpenedScene['switches']> {
  const role = ['rolebinding', 'secureconnect-gateway'];
  const binding = await world.run(['get', ...role, '-o', 'json']);
  return {
    'its API server refuses the gateway': {
      begin: async () => void (await world.run(['delete', ...role])),
      end: async () => void (await world.run(['apply', '-f', '-'], binding)),
    },
    'its API server refuses connections': network.fault('cut'),
    'its API server hangs': network.fault('silent'),
  };
}

export const remediationStoreScene: DependencyScene = {
  faults: [
    { dependency, name: 'its API server refuses the gateway' },
    { dependency, name: 'its API server refuses connections' },
    { dependency, name: 'its API server hangs' },
  ],
  leastRows: { [dependency]: 5 },
  what: 'a Kubernetes API server',
  skipReason: kubernetesSkipReason,
  serves: () => true,
  async open(parts) {
    ground ??= layGround();
    const laid = await ground;
    const stack = parts.use(await startStack(laid.environment));
    const database = openTestDatabase(stack.databaseUrl, { maxConnections: 1 });
    parts.defer(() => database.close());
    const mirror = () => laid.mirror(database);
    return { stack, switches: await switchesOf(laid), mirror };
  },
};
