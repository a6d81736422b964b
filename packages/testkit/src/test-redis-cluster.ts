import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '@secureconnect/degraded-mode/testing';
import { freePorts, isRunning } from '@secureconnect/embedded';
import { type Certificates, tlsSettings } from './certificates.ts';
import { findAny, programSkipReason } from './loopback-server.ts';
import { type TestRedis, testRedis } from './test-redis.ts';

const run = promisify(execFile);
const clients = ['redis-cli', 'valkey-cli'];
const mastersCount = 3;
const clientTimeoutMs = 30_000;

/** Why tests with a cluster are skipped; '' if they can run. */
export const redisClusterSkipReason = programSkipReason(clients);

/** A node of a cluster, and its port for clients. */
export type ClusterNode = TestRedis & { readonly clientPort: number };

/** Three masters, each with a replica, on loopback. */
export interface TestRedisCluster extends AsyncDisposable {
  readonly nodes: readonly ClusterNode[];
  /** The value of `REDIS_CLUSTER`. */
  readonly addresses: string;
  /** The node that currently serves a slot. */
  masterOf(slot: number): Promise<ClusterNode>;
  /** Whether a node currently serves a slot. */
  serves(node: ClusterNode): Promise<(slot: number) => boolean>;
  /** The current replicas of a master. */
  replicasOf(master: ClusterNode): Promise<readonly ClusterNode[]>;
  /** Moves a slot with its keys to a different master, as an operator would. */
  moveSlot(slot: number, to: ClusterNode): Promise<void>;
  /** The same, except the last step, which is returned; until then the slot is migrating. */
  beginMove(slot: number, to: ClusterNode): Promise<() => Promise<void>>;
  /** The reply of a node to a command. */
  ask(node: TestRedis, ...words: readonly string[]): Promise<string>;
  /** Resolves when all slots are served and every running node is in sync. */
  inStep(): Promise<void>;
}

export interface TestRedisClusterOptions {
  /** A master that is silent for this long is replaced. */
  readonly nodeTimeoutMs?: number;
  /** Further lines of each node's configuration. */
  readonly settings?: readonly string[];
  /** Certificates for TLS between nodes and with clients. */
  readonly certificates?: Certificates;
}

/** Starts a test's own cluster. */
export async function testRedisCluster(
  options: TestRedisClusterOptions = {},
): Promise<TestRedisCluster> {
  await using parts = new AsyncDisposableStack();
  const nodes: ClusterNode[] = [];
  for (let index = 0; index < 2 * mastersCount; index += 1) {
    nodes.push(parts.use(await startNode(options)));
  }
  const cluster = new RunningCluster(nodes);
  const all = cluster.addresses.split(',');
  const create = ['--cluster', 'create', ...all, '--cluster-replicas', '1', '--cluster-yes'];
  await redisClient(...tlsWords(options.certificates), ...create);
  await cluster.inStep();
  const owned = parts.move();
  return Object.assign(cluster, { [Symbol.asyncDispose]: () => owned.disposeAsync() });
}

async function startNode(options: TestRedisClusterOptions): Promise<ClusterNode> {
  const { nodeTimeoutMs = 1000, certificates, settings = [] } = options;
  // The default port of the bus would be 10,000 higher.
  const ports = await freePorts(2);
  const tls =
    certificates === undefined
      ? []
      : [...tlsSettings(certificates, ports + 1), 'tls-replication yes', 'tls-cluster yes'];
  const node = await testRedis({
    settings: [
      'cluster-enabled yes',
      `cluster-node-timeout ${nodeTimeoutMs}`,
      `cluster-port ${ports}`,
      'repl-diskless-sync-delay 0',
      ...tls,
      ...settings,
    ],
  });
  return Object.assign(node, { clientPort: certificates === undefined ? node.port : ports + 1 });
}

function tlsWords(certificates: Certificates | undefined): readonly string[] {
  if (certificates === undefined) return [];
  const { ca, client } = certificates;
  return ['--tls', '--cacert', ca, '--cert', client.cert, '--key', client.key];
}

async function redisClient(...words: readonly string[]): Promise<string> {
  const { stdout } = await run(findAny(clients) ?? '', words, { timeout: clientTimeoutMs });
  return stdout;
}

class RunningCluster {
  readonly nodes: readonly ClusterNode[];
  readonly addresses: string;

  constructor(nodes: readonly ClusterNode[]) {
    this.nodes = nodes;
    this.addresses = nodes.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(',');
  }

  ask(node: TestRedis, ...words: readonly string[]): Promise<string> {
    return redisClient('-p', String(node.port), ...words);
  }

  async masterOf(slot: number): Promise<ClusterNode> {
    for (const node of this.#running()) {
      if ((await this.serves(node))(slot)) return node;
    }
    throw new Error(`nobody serves slot ${slot}`);
  }

  async serves(node: ClusterNode): Promise<(slot: number) => boolean> {
    const { isMaster, slots } = await this.#self(node);
    return (slot) => isMaster && slots.some(([from, to]) => from <= slot && slot <= to);
  }

  async replicasOf(master: ClusterNode): Promise<readonly ClusterNode[]> {
    const { id } = await this.#self(master);
    const all = await Promise.all(
      this.#running().map(async (node) => ({ node, self: await this.#self(node) })),
    );
    return all.filter(({ self }) => self.masterId === id).map(({ node }) => node);
  }

  async moveSlot(slot: number, to: ClusterNode): Promise<void> {
    const finish = await this.beginMove(slot, to);
    await finish();
  }

  async beginMove(slot: number, to: ClusterNode): Promise<() => Promise<void>> {
    const from = await this.masterOf(slot);
    const [source, target] = [await this.#self(from), await this.#self(to)];
    const set = (node: ClusterNode, ...words: readonly string[]) =>
      this.ask(node, 'cluster', 'setslot', String(slot), ...words);
    await set(to, 'importing', source.id);
    await set(from, 'migrating', target.id);
    const keys = (await this.ask(from, 'cluster', 'getkeysinslot', String(slot), '1000'))
      .split('\n')
      .filter((key) => key !== '');
    if (keys.length > 0) {
      const where = ['127.0.0.1', String(to.port), '', '0', '5000'];
      await this.ask(from, 'migrate', ...where, 'keys', ...keys);
    }
    return async () => {
      for (const node of [to, from]) await set(node, 'node', target.id);
    };
  }

  async inStep(): Promise<void> {
    const check = async (node: ClusterNode): Promise<void> => {
      const [info, replication] = [
        await this.ask(node, 'cluster', 'info'),
        await this.ask(node, 'info', 'replication'),
      ];
      const isInStep = /role:master|master_link_status:up/.test(replication);
      if (!info.includes('cluster_state:ok') || !isInStep) {
        throw new Error(`the node at ${node.port} is not in step yet`);
      }
    };
    await eventually(async () => Promise.all(this.#running().map(check)), {
      timeoutMs: 30_000,
      intervalMs: 100,
    });
  }

  #running(): readonly ClusterNode[] {
    return this.nodes.filter(({ pid }) => isRunning(pid));
  }

  /** A node's description of itself. */
  async #self(node: ClusterNode) {
    const lines = (await this.ask(node, 'cluster', 'nodes')).split('\n');
    const [id = '', , flags = '', masterId = '', , , , , ...slots] =
      lines.find((line) => line.includes('myself'))?.split(' ') ?? [];
    return {
      id,
      masterId,
      isMaster: flags.includes('master'),
      slots: slots.map((range): readonly [number, number] => {
        const [from = -1, to = from] = range.split('-').map(Number);
        return [from, to];
      }),
    };
  }
}
