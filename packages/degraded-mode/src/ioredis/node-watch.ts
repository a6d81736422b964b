import type { Redis } from 'ioredis';
import type { ConnectionEvents } from '../redis/connection.ts';
import { connectionFailure } from './classify.ts';
import { firstConnect } from './connecting.ts';
import { type NodeName, nameOfNode, type PatientCluster } from './patient-cluster.ts';

/** A failure of a node; `code` has the reason and the node. */
export class NodeFailure extends Error {
  override readonly name = 'NodeFailure';
  readonly code: string;

  constructor(node: NodeName, cause: unknown) {
    super('a node of the cluster cannot be used', { cause });
    this.code = `${connectionFailure(cause).reason} at ${node}`;
  }
}

/**
 * Reports the events of the connections for commands. The end of a connection to a master is a
 * failure, because its slots are not served; the end of any other one is not.
 */
export function watchNodes(cluster: PatientCluster, options: ConnectionEvents): void {
  const { onFailure, onReady } = options;
  const causes = new Map<NodeName, unknown>();
  const causeAt = (node: NodeName) => causes.get(node) ?? new Error('Connection is closed.');
  /** The reason why the client found no node, if known. */
  const lastFailure = (): NodeFailure | undefined => {
    const [node, cause] = [...causes].at(-1) ?? [];
    return node === undefined ? undefined : new NodeFailure(node, cause);
  };

  cluster.on('+node', (redis: Redis) => {
    hearAsking(redis);
    redis.on('ready', () => causes.delete(nameOfNode(redis)));
    // Otherwise the first command would find the connection closed.
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
 * While a slot moves, ioredis sends ASKING before a command and ignores its result: a refusal, or
 * the end of the connection, would be an unhandled rejection and end the process. The command
 * itself fails too, so the rejection can be ignored.
 */
function hearAsking(redis: Redis): void {
  const ask = redis.asking.bind(redis);
  Object.assign(redis, { asking: () => ask().catch(() => undefined) });
}
