import { randomUUID } from 'node:crypto';
import type { Reconciler } from '@secureconnect/degraded-mode';
import type { RedisConnection } from '@secureconnect/redis';
import { batchesOf, type Logger, OutageLog } from '@secureconnect/service';
import { envelopeOf, envelopeStart, readEnvelope } from './bus-envelope.ts';
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
  /**
   * The deliveries of one turn to a room share a message. An instance of an earlier version
   * reads the first of them alone, so only a service may join whose log brings it the others.
   */
  readonly joins?: boolean;
}

/** A command for all rooms at once would block Redis, and this process. */
const roomsAtATime = 500;
/** The maximum of a message, for the same reason. */
const deliveriesAtATime = 64;

/** Deliveries to one room that leave together. */
interface Leaving {
  readonly deliveries: [Delivery, ...Delivery[]];
  readonly published: PromiseWithResolvers<void>;
}

/**
 * The bus over Redis pub/sub: a channel per room with sockets here. It loses deliveries while Redis
 * is down, because pub/sub stores nothing.
 */
export class RedisBus implements Bus {
  readonly #options: RedisBusOptions;
  readonly #outages: OutageLog;
  /** Distinguishes this instance's publications from those of others. */
  readonly #instance = randomUUID();
  readonly #ownStart = envelopeStart(this.#instance);
  /** By room, the deliveries of this turn. */
  readonly #leaving = new Map<string, Leaving>();
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

  publish(delivery: Delivery): Promise<void> {
    return this.#options.joins === true ? this.#join(delivery) : this.#send([delivery]);
  }

  #join(delivery: Delivery): Promise<void> {
    const { room } = delivery;
    const joined = this.#leaving.get(room);
    if (joined !== undefined && joined.deliveries.length < deliveriesAtATime) {
      joined.deliveries.push(delivery);
      return joined.published.promise;
    }
    const leaving: Leaving = { deliveries: [delivery], published: Promise.withResolvers() };
    this.#leaving.set(room, leaving);
    process.nextTick(() => {
      if (this.#leaving.get(room) === leaving) this.#leaving.delete(room);
      this.#send(leaving.deliveries).then(leaving.published.resolve, leaving.published.reject);
    });
    return leaving.published.promise;
  }

  /** Sends deliveries to one room. */
  async #send(deliveries: readonly [Delivery, ...Delivery[]]): Promise<void> {
    const text = envelopeOf(this.#instance, deliveries);
    await this.#options.redis.commands.publish(this.#channelOf(deliveries[0].room), text);
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
    const deliveries = readEnvelope(text);
    if (deliveries === undefined) {
      // The parser's error is not logged, because it would quote a message.
      this.#outages.failed('not an envelope of this version');
      return;
    }
    this.#outages.worked();
    for (const delivery of deliveries) this.#options.hub.deliver(delivery);
  }
}
