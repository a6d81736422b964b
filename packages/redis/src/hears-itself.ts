import { CannotServe } from './classify.ts';
import type { RedisCommands } from './client.ts';
import type { ChannelSubscriber } from './link.ts';

/** Longer than a command may take: what arrives later would come too late for a chat. */
const arrivalMs = 500;

/**
 * Tries pub/sub as the product uses it: what one connection publishes, the other hears. Every
 * process has a channel of its own for that.
 */
export function createHearsItself(
  redis: RedisCommands,
  subscriber: ChannelSubscriber,
  processId: string,
): () => Promise<void> {
  const { keyspace } = redis;
  const channel = keyspace.channel('probe', processId);
  const unused = keyspace.channel('probe', `${processId}:unused`);
  const waiting = new Map<string, () => void>();
  let round = 0;
  subscriber.on('message', (from: string, text: string) => {
    if (from === channel) waiting.get(text)?.();
  });

  /** Resolves when a text has arrived, and rejects where it does not. */
  function arrivalOf(text: string): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const late = () => reject(new CannotServe('not heard publish'));
      // setImmediate runs after sockets were read: a pause of this process is no late message.
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
    await Promise.all([
      arrivalOf(text),
      redis.publish(channel, text),
      subscriber.unsubscribe(unused),
    ]);
  };
}
