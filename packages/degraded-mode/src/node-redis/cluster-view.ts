import { ClientOfflineError, ErrorReply } from 'redis';
import { CallLimit } from '../call-limit.ts';
import type { ClusterView } from '../redis/cluster-view.ts';
import { readErrorReply } from '../redis/error-reply.ts';
import { commandTimeoutMs } from './client-options.ts';
import type { NodeRedisCluster } from './cluster-client.ts';
import { epochKeyOf } from './epoch-key.ts';

const betweenReconnectsMs = 1000;

/** Replies that say that a slot is elsewhere, or nowhere. */
const ofSlots = ['MOVED', 'ASK', 'CLUSTERDOWN', 'READONLY', 'LOADING'];

/**
 * A cluster as probes see it, by node-redis. The library asks for the slots again only after a MOVED,
 * so a master that is replaced while it is down would be asked for ever: the connections are opened
 * anew instead.
 */
export function clusterView(redis: NodeRedisCluster, reconnect: () => void): ClusterView {
  const limit = new CallLimit(commandTimeoutMs);
  let reconnectedAt = performance.now();
  const masterAt = (slot: number) => redis.slots[slot]?.master;
  return {
    async reach() {
      if (redis.masters.length === 0) throw new ClientOfflineError();
    },
    masterOf: (slot) => masterAt(slot)?.address,
    ask(slot, ...words) {
      const asked = async (): Promise<unknown> => {
        const master = masterAt(slot);
        if (master === undefined) throw new ClientOfflineError();
        return (await redis.nodeClient(master)).sendCommand(words);
      };
      return limit.around(asked());
    },
    epochKey: (key) => epochKeyOf(redis, key, limit),
    refresh(error) {
      const now = performance.now();
      if (isAnswer(error) || now - reconnectedAt < betweenReconnectsMs) return;
      reconnectedAt = now;
      reconnect();
    },
  };
}

/** Whether a server has refused something, which does not say that it is the wrong one. */
function isAnswer(error: unknown): boolean {
  return error instanceof ErrorReply && !ofSlots.includes(readErrorReply(error.message).code);
}
