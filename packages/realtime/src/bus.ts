import { randomUUID } from 'node:crypto';
import type { Reconciler } from '@secureconnect/degraded-mode';
import type { RedisConnection } from '@secureconnect/redis';
import { batchesOf, type Logger, OutageLog } from '@secureconnect/service';
import { z } from 'zod';
import type { Delivery, Hub } from './hub.ts';

/**
 * Carries deliveries between the instances of a service. Every method rejects while Redis is down.
 */
export interface Bus {
  publish(delivery: Delivery): Promise<void>;
  /** Resolves when this instance receives other instances' deliveries to these rooms. */
  subscribe(rooms: readonly string[]): Promise<void>;
  /** Unsubscribes from rooms without members here. */
  unsubscribe(rooms: readonly string[]): Promise<void>;
}

export interface RedisBusOptions {
  readonly redis: RedisConnection;
  readonly hub: Hub;
  /** Separates the channels of services: `chat`. */
  readonly name: string;
  readonly log: Logger;
}

/** A command for all rooms at once would block Redis, and this process. */
const roomsAtATime = 500;

const Envelope = z.object({
  instance: z.string(),
  delivery: z.object({
    id: z.string(),
    room: z.string(),
    frame: z.record(z.string(), z.unknown()),
    about: z.object({ id: z.string(), ends: z.boolean() }).exactOptional(),
    exceptSocket: z.string().exactOptional(),
    toUser: z.string().exactOptional(),
    exceptUsers: z.array(z.string()).exactOptional(),
    maxMembers: z.number().exactOptional(),
  }),
});

/**
 * The bus over Redis pub/sub: a channel per room with sockets here. It loses deliveries while Redis
 * is down, because pub/sub stores nothing.
 */
export class RedisBus implements Bus {
  readonly #options: RedisBusOptions;
  readonly #outages: OutageLog;
  /** Distinguishes this instance's publications from those of others. */
  readonly #instance = randomUUID();
  readonly #ownStart = JSON.stringify({ instance: this.#instance }).slice(0, -1);
  /** Rooms with a confirmed subscription. */
  readonly #subscribed = new Set<string>();
  /** Rooms whose subscription or unsubscription has no reply (yet). */
  readonly #doubtful = new Set<string>();

  /** Subscribes to every room with sockets here before the flag flips back. */
  readonly reconciler: Reconciler = {
    name: 'rooms',
    run: async () => {
      const { hub } = this.#options;
      // The connection may be new, without the subscriptions of the previous one.
      for (const room of this.#subscribed) this.#doubtful.add(room);
      this.#subscribed.clear();
      for (const rooms of batchesOf(hub.rooms(), roomsAtATime)) await this.subscribe(rooms);
      const doubtful = batchesOf([...this.#doubtful], roomsAtATime);
      for (const rooms of doubtful) await this.unsubscribe(rooms);
    },
  };

  constructor(options: RedisBusOptions) {
    this.#options = options;
    this.#outages = new OutageLog({
      log: options.log,
      fields: {},
      failedMessage: 'bus message not understood',
      workedMessage: 'bus messages understood again',
    });
    const { isChannelOf } = options.redis.commands.keyspace;
    options.redis.subscriber.on('message', (channel: string, text: string) => {
      // The connection also carries other channels.
      if (isChannelOf(options.name, channel)) this.#receive(text);
    });
  }

  async publish(delivery: Delivery): Promise<void> {
    const text = JSON.stringify({ instance: this.#instance, delivery });
    await this.#options.redis.commands.publish(this.#channelOf(delivery.room), text);
  }

  async subscribe(rooms: readonly string[]): Promise<void> {
    const missing = rooms.filter((room) => !this.#subscribed.has(room));
    if (missing.length === 0) return;
    for (const room of missing) this.#doubtful.add(room);
    await this.#options.redis.subscriber.subscribe(...missing.map((room) => this.#channelOf(room)));
    for (const room of missing) {
      this.#doubtful.delete(room);
      this.#subscribed.add(room);
    }
    // Members may have left while the reply was pending.
    await this.unsubscribe(missing);
  }

  async unsubscribe(rooms: readonly string[]): Promise<void> {
    const { hub, redis } = this.#options;
    const known = (room: string) => this.#subscribed.has(room) || this.#doubtful.has(room);
    const empty = rooms.filter((room) => known(room) && !hub.has(room));
    if (empty.length === 0) return;
    // A command that timed out may still run, so the next member must subscribe again.
    for (const room of empty) {
      this.#subscribed.delete(room);
      this.#doubtful.add(room);
    }
    await redis.subscriber.unsubscribe(...empty.map((room) => this.#channelOf(room)));
    for (const room of empty) this.#doubtful.delete(room);
  }

  #channelOf(room: string): string {
    const { redis, name } = this.#options;
    return redis.commands.keyspace.channel(name, room);
  }

  #receive(text: string): void {
    // Redis returns this instance's own publications, which are skipped.
    if (text.startsWith(this.#ownStart)) return;
    const envelope = readEnvelope(text);
    if (envelope === undefined) {
      // The parser's error is not logged, because it would quote a message.
      this.#outages.failed('not an envelope of this version');
      return;
    }
    this.#outages.worked();
    this.#options.hub.deliver(envelope.delivery);
  }
}

/** Undefined if the text is no envelope of ours. */
function readEnvelope(text: string): z.infer<typeof Envelope> | undefined {
  try {
    return Envelope.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
