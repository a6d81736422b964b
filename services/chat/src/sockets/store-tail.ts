import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DegradedMode, Reconciler } from '@secureconnect/degraded-mode';
import type { Sql } from '@secureconnect/postgres';
import type { Hub } from '@secureconnect/realtime';
import { batchesOf, type Logger, OutageLog } from '@secureconnect/service';
import { conversationsIn, storedEventDelivery } from '../frames.ts';
import { changedConversations } from '../stores/changed-conversations.ts';
import { eventPages } from '../stores/event-pages.ts';
import { membershipChangesSince } from '../stores/membership-changes.ts';
import type { MessageStore, StoredEvent } from '../stores/message-store.ts';
import type { TimeUuidGenerator } from '../timeuuid.ts';
import type { ChatSockets } from './chat-sockets.ts';
import type { TailMetrics } from './tail-metrics.ts';

export interface StoreTailOptions {
  readonly hub: Hub;
  readonly messages: Pick<MessageStore, 'events'>;
  readonly chatSockets: Pick<ChatSockets, 'followAll'>;
  /** Distinguishes this instance's events from those of others. */
  readonly timeUuids: Pick<TimeUuidGenerator, 'made'>;
  readonly database: Sql;
  readonly mode: DegradedMode;
  readonly log: Logger;
  readonly metrics: TailMetrics;
}

/** The interval of reads while Redis is down, jittered so that instances do not read in step. */
const degradedIntervalMs = 400;
/** The interval with Redis up, for events that a different instance could not publish. */
const normalIntervalMs = 10_000;
const jitter = 0.2;
/** Instances that recover later than this one do not publish yet: flapping lasts up to 30 s. */
const lingerMs = 45_000;
/**
 * An event may become visible later than its time, by the duration of the write and the difference
 * of two clocks. A quick look goes back this far, an occasional thorough look further.
 */
const quickOverlapMs = 2000;
const thoroughOverlapMs = 15_000;
/**
 * This instance sends its own events within this time (except to the socket that caused them). Only
 * after that does the tail bring them, if they were not sent. An event has its time before it is
 * stored: it may wait 1 s for its batch, whose last attempt begins within 3 s and takes up to 1.5 s.
 * Shorter than a thorough look goes back, less the interval of such looks.
 */
const tellingMs = 8000;
const pageSize = 500;
const conversationsAtATime = 8;
/** The maximum time before a look yields: there may be many missed events with many listeners. */
const maxTurnMs = 10;

/**
 * Delivers to the sockets of this instance what the stores have logged and the bus did not bring:
 * changes of memberships, then events of the conversations with sockets here. Every look begins
 * where the previous one began, less an overlap, so that there is no gap; the hub delivers an event
 * once. A look takes one query for memberships, one per thousand conversations with sockets here,
 * and two per conversation with events.
 */
export class StoreTail {
  readonly #options: StoreTailOptions;
  #quickSince = Date.now();
  #thoroughSince = Date.now();
  #lastDegradedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  readonly #outages: OutageLog;
  #stopped = true;

  constructor(options: StoreTailOptions) {
    this.#options = options;
    this.#outages = new OutageLog({
      log: options.log,
      fields: {},
      failedMessage: 'the store cannot be read for missed messages',
      workedMessage: 'the store is read again for missed messages',
    });
  }

  /** Whether the tail may still bring an event of this time. */
  mayBring(at: Date): boolean {
    return at.getTime() >= this.#thoroughSince - thoroughOverlapMs;
  }

  start(): void {
    this.#stopped = false;
    this.#options.mode.availability.on('changed', this.#schedule);
    this.#schedule();
  }

  /** Resolves when a look in progress has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#options.mode.availability.off('changed', this.#schedule);
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Reads the gap before the flag flips back, and after the rooms are subscribed again. */
  reconciler(): Reconciler {
    const run = async (): Promise<void> => {
      // A look in progress began before the rooms were subscribed.
      await this.#looking;
      await this.look();
    };
    return { name: 'missed messages', run };
  }

  /**
   * Looks once. Never rejects: a database outage must not prevent the use of Redis. The next look
   * reads what a failed one missed.
   */
  look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  readonly #schedule = (): void => {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const now = performance.now();
    if (!this.#options.mode.isAvailable()) this.#lastDegradedAt = now;
    const often = now - this.#lastDegradedAt < lingerMs || this.#outages.isFailing;
    const intervalMs = often ? degradedIntervalMs : normalIntervalMs;
    const delayMs = intervalMs * (1 - jitter + 2 * jitter * Math.random());
    this.#timer = setTimeout(() => void this.look().then(this.#schedule), delayMs);
    this.#timer.unref();
  };

  async #lookOnce(): Promise<void> {
    const { metrics } = this.#options;
    const [startedAt, startedClock] = [Date.now(), performance.now()];
    const thorough = startedAt - this.#thoroughSince >= normalIntervalMs * (1 - jitter);
    const since = thorough
      ? this.#thoroughSince - thoroughOverlapMs
      : this.#quickSince - quickOverlapMs;
    try {
      await this.#bringSince(new Date(since));
      this.#quickSince = startedAt;
      if (thorough) this.#confirm(startedAt, startedClock);
      this.#outages.worked();
      metrics.looked('ok');
    } catch (error) {
      metrics.looked('failed');
      this.#outages.failed(error);
    }
  }

  /** Forgets deliveries that no later look goes back to. */
  #confirm(startedAt: number, startedClock: number): void {
    this.#options.hub.forgetBefore(startedClock - 2 * thoroughOverlapMs);
    this.#thoroughSince = startedAt;
  }

  async #bringSince(since: Date): Promise<void> {
    const { database, hub, chatSockets } = this.#options;
    for await (const changes of membershipChangesSince(database, since)) {
      await chatSockets.followAll(changes);
    }
    const changed = await changedConversations(database, conversationsIn(hub.rooms()), since);
    for (const batch of batchesOf(changed, conversationsAtATime)) {
      await Promise.all(batch.map((conversationId) => this.#bring(conversationId, since)));
    }
  }

  async #bring(conversationId: string, since: Date): Promise<void> {
    const { hub, messages, metrics } = this.#options;
    for await (const events of eventPages(messages, conversationId, since, pageSize)) {
      let turnStartedAt = performance.now();
      for (const event of events) {
        if (this.#isBeingTold(event)) continue;
        if (hub.deliver(storedEventDelivery(event))) metrics.brought();
        if (performance.now() - turnStartedAt < maxTurnMs) continue;
        await nextTurn();
        turnStartedAt = performance.now();
      }
    }
  }

  #isBeingTold({ eventId, at }: StoredEvent): boolean {
    return this.#options.timeUuids.made(eventId) && Date.now() - at.getTime() < tellingMs;
  }
}
