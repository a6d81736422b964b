import { randomUUID } from 'node:crypto';
import type { Reconciler } from '@secureconnect/degraded-mode';
import type { RedisConnection } from '@secureconnect/redis';
import type { Logger } from '@secureconnect/service';
import { z } from 'zod';
import type { Delivery, Hub } from './hub.ts';

/** Carries deliveries between the instances of a service. Every method rejects without Redis. */
export interface Bus {
  publish(delivery: Delivery): Promise<void>;
  /** Resolves when deliveries of other instances to these rooms arrive here. */
  subscribe(rooms: readonly string[]): Promise<void>;
  /** Gives up the rooms that nobody here is in any more. */
  unsubscribe(rooms: readonly string[]): Promise<void>;
}

export interface RedisBusOptions {
  readonly redis: RedisConnection;
  readonly hub: Hub;
  /** Keeps the channels of services apart: `chat`. */
  readonly name: string;
  readonly log: Logger;
}

const Envelope = z.object({
  instance: z.string(),
  delivery: z.object({
    id: z.string(),
    room: z.string(),
    frame: z.record(z.string(), z.unknown()),
    exceptSocket: z.string().exactOptional(),
    toUser: z.string().exactOptional(),
  }),
});

/**
 * The bus over Redis pub/sub: a channel for each room that has sockets here. What it misses while
 * Redis is away is lost to it, as pub/sub is.
 */
export class RedisBus implements Bus {
  readonly #options: RedisBusOptions;
  readonly #prefix: string;
  /** Tells this instance's own publications from those of others. */
  readonly #instance = randomUUID();
  /** What the server may still think that this connection is subscribed to. */
  readonly #subscribed = new Set<string>();

  constructor(options: RedisBusOptions) {
    this.#options = options;
    this.#prefix = `realtime:${options.name}:`;
    options.redis.subscriber.on('message', (_channel: string, text: string) => this.#receive(text));
    options.redis.addReconciler(this.#roomsReconciler());
  }

  async publish(delivery: Delivery): Promise<void> {
    const text = JSON.stringify({ instance: this.#instance, delivery });
    await this.#options.redis.commands.publish(this.#prefix + delivery.room, text);
  }

  async subscribe(rooms: readonly string[]): Promise<void> {
    const missing = rooms.filter((room) => !this.#subscribed.has(room));
    if (missing.length === 0) return;
    await this.#options.redis.subscriber.subscribe(...missing.map((room) => this.#prefix + room));
    for (const room of missing) this.#subscribed.add(room);
    // Somebody may have left while the reply was on its way.
    await this.unsubscribe(missing);
  }

  async unsubscribe(rooms: readonly string[]): Promise<void> {
    const { hub, redis } = this.#options;
    const empty = rooms.filter((room) => this.#subscribed.has(room) && !hub.has(room));
    if (empty.length === 0) return;
    for (const room of empty) this.#subscribed.delete(room);
    try {
      await redis.subscriber.unsubscribe(...empty.map((room) => this.#prefix + room));
    } catch (error) {
      // Not known to be given up: the next recovery sees to it.
      for (const room of empty) this.#subscribed.add(room);
      throw error;
    }
  }

  /** Before the flag flips back, every room that has sockets here is subscribed to again. */
  #roomsReconciler(): Reconciler {
    return {
      name: 'rooms',
      run: async () => {
        const { hub } = this.#options;
        const before = [...this.#subscribed];
        // The connection may be a new one, whatever was subscribed on the one before.
        this.#subscribed.clear();
        await this.subscribe(hub.rooms());
        const left = before.filter((room) => !hub.has(room));
        for (const room of left) this.#subscribed.add(room);
        await this.unsubscribe(left);
      },
    };
  }

  #receive(text: string): void {
    try {
      const { instance, delivery } = Envelope.parse(JSON.parse(text));
      if (instance !== this.#instance) this.#options.hub.deliver(delivery);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'a message on the bus was not understood');
    }
  }
}
