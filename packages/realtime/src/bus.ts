import { randomUUID } from 'node:crypto';
import type { Reconciler } from '@secureconnect/degraded-mode';
import type { RedisConnection } from '@secureconnect/redis';
import { batchesOf, type Logger, OutageLog } from '@secureconnect/service';
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

/** One command for all rooms would hold up Redis, and this process. */
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
 * The bus over Redis pub/sub: a channel for each room that has sockets here. What it misses while
 * Redis is away is lost to it, as pub/sub is.
 */
export class RedisBus implements Bus {
  readonly #options: RedisBusOptions;
  readonly #outages: OutageLog;
  /** Tells this instance's own publications from those of others. */
  readonly #instance = randomUUID();
  readonly #ownStart = JSON.stringify({ instance: this.#instance }).slice(0, -1);
  /** Rooms whose deliveries surely arrive here. */
  readonly #subscribed = new Set<string>();
  /** Rooms that were asked for or given up without an answer yet, or ever. */
  readonly #doubtful = new Set<string>();

  /** Before the flag flips back, every room that has sockets here is subscribed to again. */
  readonly reconciler: Reconciler = {
    name: 'rooms',
    run: async () => {
      const { hub } = this.#options;
      // The connection may be a new one, whatever was subscribed on the one before.
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
      // The connection carries other things too.
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
    // Somebody may have left while the reply was on its way.
    await this.unsubscribe(missing);
  }

  async unsubscribe(rooms: readonly string[]): Promise<void> {
    const { hub, redis } = this.#options;
    const known = (room: string) => this.#subscribed.has(room) || this.#doubtful.has(room);
    const empty = rooms.filter((room) => known(room) && !hub.has(room));
    if (empty.length === 0) return;
    // A command that timed out may still run: whoever enters next has to subscribe again.
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
    // Redis gives back what this instance has published, which need not be read.
    if (text.startsWith(this.#ownStart)) return;
    const envelope = readEnvelope(text);
    if (envelope === undefined) {
      // Nothing of it: an error of the parser would quote what somebody said.
      this.#outages.failed('not an envelope of this version');
      return;
    }
    this.#outages.worked();
    this.#options.hub.deliver(envelope.delivery);
  }
}

/** Undefined where the text is none of ours. */
function readEnvelope(text: string): z.infer<typeof Envelope> | undefined {
  try {
    return Envelope.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
