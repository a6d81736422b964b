import { eventually, type SentinelNode, type SentinelSet } from '@secureconnect/testkit';
import { askRedis } from '../support/ask-redis.ts';

/** The servers of a set; 1 is the first master. */
export const servers = [1, 2, 3] as const satisfies readonly SentinelNode[];
export type RedisNode = (typeof servers)[number];

/** `role:master` and the like, of a server of a set. Rejects where it is down or frozen. */
export function replicationOf(set: SentinelSet, node: RedisNode): Promise<string> {
  return askRedis(set.portOf(node), 'INFO replication');
}

/** Ends servers at once, and waits until they are gone. */
export async function killNodes(set: SentinelSet, ...nodes: readonly RedisNode[]): Promise<void> {
  for (const node of nodes) await set.signal(node, 'SIGKILL');
  for (const node of nodes) {
    await eventually(async () => {
      const answer = await replicationOf(set, node).catch(() => undefined);
      if (answer !== undefined) throw new Error(`server ${node} still answers`);
    });
  }
}

/** Starts servers that were killed, at once: sentinels that find none to promote wait for 20 s. */
export async function startNodes(set: SentinelSet, ...nodes: readonly RedisNode[]): Promise<void> {
  await Promise.all(nodes.map((node) => set.startNode(node)));
}

/** The master that takes writes: it has a replica. Rejects where there is none (yet). */
export async function workingMaster(set: SentinelSet): Promise<RedisNode> {
  for (const node of servers) {
    const replication = await replicationOf(set, node).catch(() => '');
    if (/role:master/.test(replication) && /state=online/.test(replication)) return node;
  }
  throw new Error('no master has a replica');
}
