import type { z } from 'zod';

/** The attempts of a delivery, and the pauses between them. */
export interface RetryPolicy {
  /** After this many attempts the effect is a dead letter. */
  readonly maxTries: number;
  readonly firstPauseSeconds: number;
  /** Each pause is four times the previous one, up to this. */
  readonly maxPauseSeconds: number;
}

/** A kind of effect, such as mail: the form of its payload, and how deliveries are retried. */
export interface EffectKind<Payload> {
  readonly name: string;
  /** Payloads are checked when they are written and when they are delivered. */
  readonly payload: z.ZodType<Payload>;
  readonly retry: RetryPolicy;
}

/** An effect that is being delivered. */
export interface Effect<Payload> {
  readonly effectId: string;
  /** The same at every attempt: receivers recognize a repeated delivery by it. */
  readonly idempotencyKey: string;
  readonly payload: Payload;
  /** The number of attempts, including this one. */
  readonly tries: number;
}

/**
 * Thrown by `deliver`: this attempt has failed. The reason is logged and stored: no personal data.
 */
export class DeliveryFailed extends Error {
  override readonly name: string = 'DeliveryFailed';
  readonly reason: string;
  /** The pause that the receiver asked for; the next attempt comes no sooner. */
  readonly minPauseSeconds: number;
  /** One line for an operator, for the log; no personal data. */
  readonly remedy: string | undefined;

  constructor(
    reason: string,
    options: ErrorOptions & {
      readonly minPauseSeconds?: number | undefined;
      readonly remedy?: string | undefined;
    } = {},
  ) {
    super(`delivery failed: ${reason}`, options);
    this.reason = reason;
    this.minPauseSeconds = options.minPauseSeconds ?? 0;
    this.remedy = options.remedy;
  }
}

/**
 * Thrown by `deliver`: nothing was tried, because something else must be there first. The effect is
 * due again after the pause, and keeps all its attempts.
 */
export class DeliveryPostponed extends Error {
  override readonly name = 'DeliveryPostponed';
  readonly reason: string;
  readonly pauseSeconds: number;

  constructor(reason: string, pauseSeconds: number) {
    super(`delivery postponed: ${reason}`);
    this.reason = reason;
    this.pauseSeconds = pauseSeconds;
  }
}

/** Thrown by `deliver`: the receiver will never accept this effect, so retries are useless. */
export class DeliveryRefused extends DeliveryFailed {
  override readonly name = 'DeliveryRefused';
}

/** Delivers effects of one kind. */
export interface EffectHandler {
  readonly name: string;
  readonly retry: RetryPolicy;
  /** Maximum concurrent deliveries of a process. */
  readonly maxConcurrent: number;
  /**
   * Resolves when the receiver has the effect. Rejects with DeliveryRefused, or with any other error
   * to be retried. Settles within seconds after the signal aborts.
   */
  deliver(effect: Effect<unknown>, signal: AbortSignal): Promise<void>;
}

export interface HandlerOptions<Payload> {
  readonly maxConcurrent: number;
  deliver(effect: Effect<Payload>, signal: AbortSignal): Promise<void>;
}

/** The handler of a kind. A payload that does not have the form of its kind is refused. */
export function effectHandler<Payload>(
  kind: EffectKind<Payload>,
  { maxConcurrent, deliver }: HandlerOptions<Payload>,
): EffectHandler {
  return {
    name: kind.name,
    retry: kind.retry,
    maxConcurrent,
    async deliver(effect, signal) {
      const payload = kind.payload.safeParse(effect.payload);
      if (!payload.success) throw new DeliveryRefused('PAYLOAD_INVALID');
      await deliver({ ...effect, payload: payload.data }, signal);
    },
  };
}
