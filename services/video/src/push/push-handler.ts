import type { PushKind } from '@secureconnect/contracts';
import type { DegradedMode } from '@secureconnect/degraded-mode';
import {
  DeliveryFailed,
  DeliveryPostponed,
  type Effect,
  type EffectHandler,
  effectHandler,
} from '@secureconnect/outbox';
import type { Database } from '@secureconnect/postgres';
import { type Logger, SealingError } from '@secureconnect/service';
import { destinationOf, type PushDestination, pruneToken } from '../stores/push-tokens.ts';
import type { SealedAddresses } from './addresses.ts';
import type { ListeningSessions } from './listening-sessions.ts';
import { callPushKind, messagePushKind, type PushPayload } from './push-effect.ts';
import type { CountPush, PushResult } from './push-metrics.ts';
import type { PushOutcome } from './push-sender.ts';
import { notePushed, ttlSecondsOf } from './push-steps.ts';
import type { SendPush } from './send-push.ts';

export interface PushHandlerDeps {
  readonly database: Database;
  readonly mode: DegradedMode;
  readonly listening: ListeningSessions;
  readonly addresses: SealedAddresses;
  readonly send: SendPush;
  readonly count: CountPush;
  readonly log: Logger;
}

/** Maximum pushes of one kind that a process sends at once. */
const maxConcurrent = 32;
/** How long a push waits while Redis is down, until it looks again: of a call, of a message. */
const redisPauseSeconds = { call: 1, message: 15 };
const timeoutMs = 5000;

/** Delivers the pushes of calls by one push service. */
export function callPushHandler(kind: PushKind, deps: PushHandlerDeps): EffectHandler {
  return effectHandler(callPushKind(kind), {
    maxConcurrent,
    deliver: (effect, signal) => new Delivery(kind, deps, effect).run(signal),
  });
}

/** Delivers the pushes of messages by one push service. */
export function messagePushHandler(kind: PushKind, deps: PushHandlerDeps): EffectHandler {
  return effectHandler(messagePushKind(kind), {
    maxConcurrent,
    deliver: (effect, signal) => new Delivery(kind, deps, effect).run(signal),
  });
}

/** One attempt of one push. */
class Delivery {
  readonly #kind: PushKind;
  readonly #deps: PushHandlerDeps;
  readonly #effect: Effect<PushPayload>;

  constructor(kind: PushKind, deps: PushHandlerDeps, effect: Effect<PushPayload>) {
    this.#kind = kind;
    this.#deps = deps;
    this.#effect = effect;
  }

  /** Resolves when there is nothing left to do; whether the push was sent is only counted. */
  async run(signal: AbortSignal): Promise<void> {
    const { database, count } = this.#deps;
    const { payload } = this.#effect;
    if (Date.parse(payload.expires_at) <= Date.now()) return count(this.#kind, 'expired');
    const destination = await destinationOf(database, payload.token_id);
    if (destination?.is_live !== true) return count(this.#kind, 'no_token');
    if (await this.#isOnSocket(destination)) return count(this.#kind, 'on_socket');
    const address = this.#addressOf(destination);
    if (address === undefined) return count(this.#kind, 'not_set_up');
    const ttlSeconds = await ttlSecondsOf(database, payload, destination);
    if (ttlSeconds === undefined) return count(this.#kind, 'expired');
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const outcome = await this.#send({ address, ttlSeconds }, deadline);
    if (outcome === undefined) return count(this.#kind, 'not_set_up');
    await this.#take(outcome, destination);
    if (outcome.result === 'sent') await notePushed(database, payload, destination);
  }

  /** @throws DeliveryPostponed while Redis is down */
  async #isOnSocket({ user_id, session_id }: PushDestination): Promise<boolean> {
    const { mode, listening } = this.#deps;
    if (!mode.isAvailable()) throw this.#waiting();
    try {
      return (await listening(user_id)).has(session_id);
    } catch (error) {
      if (mode.reportError(error) === undefined) throw error;
      throw this.#waiting();
    }
  }

  #waiting(): DeliveryPostponed {
    this.#deps.count(this.#kind, 'waiting');
    const isMessage = this.#effect.payload.data.type === 'message';
    return new DeliveryPostponed(
      'REDIS_DOWN',
      isMessage ? redisPauseSeconds.message : redisPauseSeconds.call,
    );
  }

  #addressOf({ token_id, sealed_address }: PushDestination) {
    try {
      return this.#deps.addresses.open(token_id, sealed_address);
    } catch (error) {
      if (!(error instanceof SealingError)) throw error;
      this.#deps.log.warn({ token_id, cause: error.message }, 'push token not decrypted');
      return undefined;
    }
  }

  async #send(
    { address, ttlSeconds }: Pick<Parameters<SendPush>[0], 'address' | 'ttlSeconds'>,
    signal: AbortSignal,
  ): Promise<PushOutcome | undefined> {
    const { effectId, payload } = this.#effect;
    try {
      const push = { address, ttlSeconds, pushId: effectId, data: payload.data };
      return await this.#deps.send(push, signal);
    } catch (error) {
      this.#deps.count(this.#kind, 'failed');
      throw error;
    }
  }

  async #take(outcome: PushOutcome, destination: PushDestination): Promise<void> {
    const { database, count, log } = this.#deps;
    const result: PushResult = outcome.result;
    count(this.#kind, result);
    if (outcome.result === 'gone') {
      await pruneToken(database, destination.token_id, destination.sealed_address);
    }
    if (outcome.result === 'refused') {
      log.warn({ kind: this.#kind, reason: outcome.reason }, 'push refused');
    }
    if (outcome.result === 'failed') {
      throw new DeliveryFailed(outcome.reason, { minPauseSeconds: outcome.retryAfterSeconds });
    }
  }
}
