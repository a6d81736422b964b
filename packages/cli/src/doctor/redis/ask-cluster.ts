import type { Redis } from 'ioredis';
import { reasonOf } from '../support/reason-of.ts';
import { type HostPort, nameOf, type RedisAccess } from './address.ts';
import { askRedis } from './ask-redis.ts';

/** What a cluster says of itself, by the first node that answers. */
export interface ClusterReport {
  /** `ok` or `fail`. */
  readonly state: string;
  readonly slotsAssigned: number;
  readonly masters: readonly { readonly master: HostPort; readonly replicas: number }[];
}

/** Asks the nodes in turn. Rejects with the reason of the last one if none answers. */
export async function askCluster(
  nodes: readonly HostPort[],
  access: RedisAccess,
): Promise<ClusterReport> {
  let reason = 'no node is named';
  for (const node of nodes) {
    try {
      return await askRedis(node, access, (redis) => reportOf(redis, node));
    } catch (error) {
      reason = `${nameOf(node)}: ${reasonOf(error)}`;
    }
  }
  throw new Error(reason);
}

async function reportOf(redis: Redis, asked: HostPort): Promise<ClusterReport> {
  const info = String(await redis.call('CLUSTER', 'INFO'));
  const field = (name: string): string => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? '';
  const ranges = (await redis.call('CLUSTER', 'SLOTS')) as unknown[][];
  const masters = new Map<string, { master: HostPort; replicas: number }>();
  for (const [, , master, ...replicas] of ranges) {
    const address = addressOf(master, asked);
    masters.set(nameOf(address), { master: address, replicas: replicas.length });
  }
  return {
    state: field('cluster_state'),
    slotsAssigned: Number(field('cluster_slots_assigned')),
    masters: [...masters.values()],
  };
}

/** A node without an address of its own is the one that answers. */
function addressOf(node: unknown, asked: HostPort): HostPort {
  const [host, port] = Array.isArray(node) ? node : [];
  return { host: host ? String(host) : asked.host, port: Number(port) };
}
