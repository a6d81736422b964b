import type { Arrivals } from './arrivals.ts';
import type { RedisCommands } from './client.ts';
import type { ChannelSubscriber } from './link.ts';

export interface HearingConnections {
  readonly redis: RedisCommands;
  readonly subscriber: ChannelSubscriber;
  /** Of the subscriber. */
  readonly arrivals: Arrivals;
  /** Called with whether a message arrived that Redis has taken. */
  readonly onHeard: (heard: boolean) => void;
}

export interface HearsItself {
  /** Rejects unless a message arrived that was published. */
  probe(): Promise<void>;
  /** Gives up the channel, after a probe that is under way; it is probed no more. */
  end(): Promise<void>;
}

/**
 * Tests pub/sub as we use it: one connection publishes, the other one receives. Every process has
 * its own channel for that, and one at each master of a cluster.
 */
export function createHearsItself(
  { redis, subscriber, arrivals, onHeard }: HearingConnections,
  processId: string,
): HearsItself {
  const { keyspace } = redis;
  const channel = keyspace.channel('probe', processId);
  const unused = keyspace.channel('probe', `${processId}:unused`);
  const underWay = new Set<Promise<void>>();
  let round = 0;

  async function hear(): Promise<void> {
    round += 1;
    const text = String(round);
    await subscriber.subscribe(channel);
    let isTaken = false;
    const publish = async (): Promise<void> => {
      await redis.publish(channel, text);
      isTaken = true;
    };
    const arrival = arrivals(channel, text).then(
      () => onHeard(true),
      (error: unknown) => {
        if (isTaken) onHeard(false);
        throw error;
      },
    );
    await Promise.all([arrival, publish(), subscriber.unsubscribe(unused)]);
  }

  return {
    probe() {
      const heard = hear().finally(() => underWay.delete(heard));
      underWay.add(heard);
      return heard;
    },
    async end() {
      await Promise.allSettled(underWay);
      await subscriber.unsubscribe(channel);
    },
  };
}
