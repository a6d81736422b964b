import type { Redis } from 'ioredis';
import { connectionFailure } from './classify.ts';
import { firstConnect } from './client.ts';
import type { LinkOptions } from './link.ts';
import { type NodeName, nameOfNode, type PatientCluster } from './patient-cluster.ts';

/** What happened at a node; `code` is why, and where. */
export class NodeFailure extends Error {
  override readonly name = 'NodeFailure';
  readonly code: string;

  constructor(node: NodeName, cause: unknown) {
    super('a node of the cluster cannot be used', { cause });
    this.code = `${connectionFailure(cause).reason} at ${node}`;
  }
}

/**
 * Tells of the life of the connections by which commands are sent. The end of one to a master is a
 * failure: its slots are not served. That of any other node is none.
 */
export function watchNodes(cluster: PatientCluster, options: LinkOptions): void {
  const { onFailure, onReady } = options;
  const causes = new Map<NodeName, unknown>();
  const causeAt = (node: NodeName) => causes.get(node) ?? new Error('Connection is closed.');
  /** Why the client as a whole has found no node, as far as that was said. */
  const lastFailure = (): NodeFailure | undefined => {
    const [node, cause] = [...causes].at(-1) ?? [];
    return node === undefined ? undefined : new NodeFailure(node, cause);
  };

  cluster.on('+node', (redis: Redis) => {
    hearAsking(redis);
    redis.on('ready', () => causes.delete(nameOfNode(redis)));
    // A command that is the first to need it would find it closed.
    if (!redis.options.readOnly) void firstConnect(redis);
  });
  cluster.on('node error', (error: unknown, node: NodeName) => {
    const { reason, isVague } = connectionFailure(error);
    if (isVague || reason === 'connection') return;
    causes.delete(node);
    causes.set(node, error);
  });
  cluster.on('-node', (redis: Redis) => {
    const node = nameOfNode(redis);
    if (cluster.isMaster(node)) onFailure(new NodeFailure(node, causeAt(node)));
  });
  cluster.on('refresh', () => {
    const known = new Set(cluster.nodes().map(nameOfNode));
    for (const node of causes.keys()) if (!known.has(node)) causes.delete(node);
  });
  cluster.on('error', (error: Error & { lastNodeError?: unknown }) =>
    onFailure(lastFailure() ?? error.lastNodeError ?? error),
  );
  cluster.on('close', () => onFailure(lastFailure() ?? new Error('Connection is closed.')));
  cluster.on('ready', onReady);
  cluster.onSilent((node, error) => onFailure(new NodeFailure(node, error)));
}

/**
 * While a slot moves ioredis sends ASKING before a command, and does not listen to what becomes of it:
 * a refusal, or a connection that ends, would be an unhandled rejection and the end of the process.
 * The command itself fails as well, which is all that has to be known.
 */
function hearAsking(redis: Redis): void {
  const ask = redis.asking.bind(redis);
  Object.assign(redis, { asking: () => ask().catch(() => undefined) });
}
