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
  /** Tells the events of this instance from those of others. */
  readonly timeUuids: Pick<TimeUuidGenerator, 'made'>;
  readonly database: Sql;
  readonly mode: DegradedMode;
  readonly log: Logger;
  readonly metrics: TailMetrics;
}

/** While Redis is away the store is read this often, jittered so that instances do not act in step. */
const degradedIntervalMs = 400;
/** As usual it is a net below the bus, for what another instance could not publish. */
const usualIntervalMs = 10_000;
const jitter = 0.2;
/** An instance that recovered later than this one publishes nothing yet: flapping takes 30 s. */
const lingerMs = 45_000;
/**
 * What is logged may be seen later than its time says, by the time that storing it takes and by the
 * difference of two clocks. A quick look goes back so far, and now and then a thorough one further.
 */
const quickOverlapMs = 2000;
const thoroughOverlapMs = 15_000;
/**
 * What this instance has stored it tells by itself within this time, and not to the socket that said
 * it; only what it did not get to tell is brought, by a later look.
 */
const tellingMs = 3000;
const pageSize = 500;
const conversationsAtATime = 8;
/** After so long others have their turn: what was missed may be much, and its listeners many. */
const maxTurnMs = 10;

/**
 * Brings the sockets of this instance what is in the logs of the stores and did not come over the
 * bus: who came into a conversation or went, then what happened in those that have sockets here. Every look begins where the one before began, less an overlap, so that the looks leave no
 * gap; the hub delivers once what comes by both ways. One query for changes of memberships, one for
 * each thousand conversations that have sockets here, then two for each in which something happened.
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

  /** Whether the tail may yet bring an event of this time. */
  mayBring(at: Date): boolean {
    return at.getTime() >= this.#thoroughSince - thoroughOverlapMs;
  }

  start(): void {
    this.#stopped = false;
    this.#options.mode.availability.on('changed', this.#schedule);
    this.#schedule();
  }

  /** Resolves when the look under way, if any, is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#options.mode.availability.off('changed', this.#schedule);
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Before the flag flips back, and after the rooms are subscribed to again: the gap is read. */
  reconciler(): Reconciler {
    const run = async (): Promise<void> => {
      // A look that is under way began before the rooms were subscribed to.
      await this.#looking;
      await this.look();
    };
    return { name: 'missed messages', run };
  }

  /**
   * Looks once. Never rejects: without its database nothing can be read, and that must not keep
   * Redis from being used; the looks go on, and the next one reads what this one could not.
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
    const intervalMs = often ? degradedIntervalMs : usualIntervalMs;
    const delayMs = intervalMs * (1 - jitter + 2 * jitter * Math.random());
    this.#timer = setTimeout(() => void this.look().then(this.#schedule), delayMs);
    this.#timer.unref();
  };

  async #lookOnce(): Promise<void> {
    const { metrics } = this.#options;
    const [startedAt, startedClock] = [Date.now(), performance.now()];
    const thorough = startedAt - this.#thoroughSince >= usualIntervalMs * (1 - jitter);
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

  /** What no look goes back to any more need not be remembered. */
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
