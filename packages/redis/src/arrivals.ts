import { CannotServe } from '@secureconnect/degraded-mode/ioredis';
import type { ChannelSubscriber } from './link.ts';

/** The time limit for an arrival, longer than a command's; later is too late for a chat. */
const arrivalMs = 500;

/** Resolves when a text has arrived in a channel; rejects after the time limit. */
export type Arrivals = (channel: string, text: string) => Promise<void>;

/** What the probes of a process wait for: one listener, however many masters they probe. */
export function createArrivals(subscriber: ChannelSubscriber): Arrivals {
  const waiting = new Map<string, () => void>();
  subscriber.on('message', (from: string, text: string) => waiting.get(`${from} ${text}`)?.());

  return (channel, text) => {
    const awaited = `${channel} ${text}`;
    return new Promise<void>((resolve, reject) => {
      const late = () => reject(new CannotServe('not heard publish'));
      // setImmediate runs after sockets were read, so a pause of this process does not count.
      const timer = setTimeout(() => setImmediate(late), arrivalMs);
      waiting.set(awaited, () => {
        clearTimeout(timer);
        resolve();
      });
    }).finally(() => waiting.delete(awaited));
  };
}
