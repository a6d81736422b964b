import { PortCallTookTooLong } from '../call-limit.ts';
import { CannotServe } from '../redis/cannot-serve.ts';
import { readErrorReply } from '../redis/error-reply.ts';
import type { RedisProbes } from '../redis/server-probes.ts';

const betweenReconnectsMs = 1000;

/** A connection that answers no probe for this long is replaced. */
const silenceMs = 1000;

interface Reconnectable {
  isReady(): boolean;
  reconnect(): void;
}

/**
 * Probes that replace the connection when it is silent, which ends the commands that wait on it, or
 * while its server is a replica, because the address may now lead to the new master. The
 * `socketTimeout` of node-redis does not do the first: each write starts it again, also that of a
 * probe.
 */
export function reconnecting(client: Reconnectable, probes: RedisProbes): RedisProbes {
  let answeredAt = performance.now();
  let reconnectedAt = Number.NEGATIVE_INFINITY;
  const failed = (error: unknown): void => {
    const now = performance.now();
    const isTimeout = error instanceof PortCallTookTooLong;
    // Also while there is no connection: the next one is given its time.
    if (!isTimeout) answeredAt = now;
    const isUseless = isTimeout ? now - answeredAt >= silenceMs : isReplica(error);
    if (!isUseless || !client.isReady() || now - reconnectedAt < betweenReconnectsMs) return;
    reconnectedAt = now;
    client.reconnect();
  };
  const watched = (probe: () => Promise<unknown>) => async (): Promise<void> => {
    try {
      await probe();
      answeredAt = performance.now();
    } catch (error) {
      failed(error);
      throw error;
    }
  };
  return { ...probes, full: watched(() => probes.full()), ping: watched(() => probes.ping()) };
}

function isReplica(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = error instanceof CannotServe ? error.message : readErrorReply(error.message).code;
  return code.startsWith('READONLY');
}
