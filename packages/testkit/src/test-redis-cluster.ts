import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePorts, isRunning } from '@secureconnect/embedded';
import { eventually } from './eventually.ts';
import { findAny, withoutProgram } from './loopback-server.ts';
import { type TestRedis, testRedis } from './test-redis.ts';

const run = promisify(execFile);
const clients = ['redis-cli', 'valkey-cli'];
const mastersCount = 3;
const clientTimeoutMs = 30_000;

/** Why tests on a cluster are left out; '' where one can be made. */
export const withoutRedisCluster = withoutProgram(clients);

/** A node of a cluster, and the port by which its clients are to come. */
export type ClusterNode = TestRedis & { readonly clientPort: number };

/** Three masters with a replica each, on loopback. */
export interface TestRedisCluster extends AsyncDisposable {
  readonly nodes: readonly ClusterNode[];
  /** For `REDIS_CLUSTER`. */
  readonly addresses: string;
  /** The node that now serves a slot. */
  masterOf(slot: number): Promise<ClusterNode>;
  /** The nodes that now copy this one. */
  replicasOf(master: ClusterNode): Promise<readonly ClusterNode[]>;
  /** What a node answers to a command. */
  ask(node: TestRedis, ...words: readonly string[]): Promise<string>;
  /** Resolves when all slots are served and every node that runs is in step. */
  inStep(): Promise<void>;
}

export interface TestRedisClusterOptions {
  /** A master that is silent for so long is replaced. */
  readonly nodeTimeoutMs?: number;
  /** Further lines of a node's configuration; clients come by this port then. */
  readonly settings?: (clientPort: number) => readonly string[];
}

/** Starts a cluster of its own. */
export async function testRedisCluster(
  options: TestRedisClusterOptions = {},
): Promise<TestRedisCluster> {
  await using parts = new AsyncDisposableStack();
  const nodes: ClusterNode[] = [];
  for (let index = 0; index < 2 * mastersCount; index += 1) {
    nodes.push(parts.use(await startNode(options)));
  }
  const cluster = new RunningCluster(nodes);
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await cluster.client(
    '--cluster',
    'create',
    ...addresses,
    '--cluster-replicas',
    '1',
    '--cluster-yes',
  );
  await cluster.inStep();
  const owned = parts.move();
  return Object.assign(cluster, { [Symbol.asyncDispose]: () => owned.disposeAsync() });
}

async function startNode(options: TestRedisClusterOptions): Promise<ClusterNode> {
  const { nodeTimeoutMs = 1000, settings } = options;
  // The default port of the bus would be 10,000 above the other.
  const ports = await freePorts(2);
  const node = await testRedis({
    settings: [
      'cluster-enabled yes',
      `cluster-node-timeout ${nodeTimeoutMs}`,
      `cluster-port ${ports}`,
      'repl-diskless-sync-delay 0',
      ...(settings?.(ports + 1) ?? []),
    ],
  });
  return Object.assign(node, { clientPort: settings === undefined ? node.port : ports + 1 });
}

class RunningCluster {
  readonly nodes: readonly ClusterNode[];
  readonly addresses: string;

  constructor(nodes: readonly ClusterNode[]) {
    this.nodes = nodes;
    this.addresses = nodes.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(',');
  }

  async client(...words: readonly string[]): Promise<string> {
    const { stdout } = await run(findAny(clients) ?? '', words, { timeout: clientTimeoutMs });
    return stdout;
  }

  ask(node: TestRedis, ...words: readonly string[]): Promise<string> {
    return this.client('-p', String(node.port), ...words);
  }

  async masterOf(slot: number): Promise<ClusterNode> {
    for (const node of this.#running()) {
      const { isMaster, slots } = await this.#self(node);
      if (isMaster && slots.some(([from, to]) => from <= slot && slot <= to)) return node;
    }
    throw new Error(`nobody serves slot ${slot}`);
  }

  async replicasOf(master: ClusterNode): Promise<readonly ClusterNode[]> {
    const { id } = await this.#self(master);
    const all = await Promise.all(
      this.#running().map(async (node) => ({ node, self: await this.#self(node) })),
    );
    return all.filter(({ self }) => self.masterId === id).map(({ node }) => node);
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

  /** What a node says of itself. */
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
