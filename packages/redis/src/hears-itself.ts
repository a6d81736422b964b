import { CannotServe } from '@secureconnect/degraded-mode/ioredis';
import type { RedisCommands } from './client.ts';
import type { ChannelSubscriber } from './link.ts';

/** The time limit for an arrival, longer than a command's; later is too late for a chat. */
const arrivalMs = 500;

/**
 * Tests pub/sub as we use it: one connection publishes, the other one receives. Every process has
 * its own channel for that.
 *
 * @param onHeard called with whether a message arrived that Redis has taken
 */
export function createHearsItself(
  redis: RedisCommands,
  subscriber: ChannelSubscriber,
  processId: string,
  onHeard: (heard: boolean) => void = () => undefined,
): () => Promise<void> {
  const { keyspace } = redis;
  const channel = keyspace.channel('probe', processId);
  const unused = keyspace.channel('probe', `${processId}:unused`);
  const waiting = new Map<string, () => void>();
  let round = 0;
  subscriber.on('message', (from: string, text: string) => {
    if (from === channel) waiting.get(text)?.();
  });

  /** Resolves when a text has arrived; rejects after the time limit. */
  function arrivalOf(text: string): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const late = () => reject(new CannotServe('not heard publish'));
      // setImmediate runs after sockets were read, so a pause of this process does not count.
      const timer = setTimeout(() => setImmediate(late), arrivalMs);
      waiting.set(text, () => {
        clearTimeout(timer);
        resolve();
      });
    }).finally(() => waiting.delete(text));
  }

  return async () => {
    round += 1;
    const text = String(round);
    await subscriber.subscribe(channel);
    let isTaken = false;
    const publish = async (): Promise<void> => {
      await redis.publish(channel, text);
      isTaken = true;
    };
    const arrival = arrivalOf(text).then(
      () => onHeard(true),
      (error: unknown) => {
        if (isTaken) onHeard(false);
        throw error;
      },
    );
    await Promise.all([arrival, publish(), subscriber.unsubscribe(unused)]);
  };
}
