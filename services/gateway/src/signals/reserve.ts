import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@secureconnect/service';
import type { Claim, Deduplication, Reservation } from './redis/deduplication.ts';

/** The maximum wait for a different delivery of the same signal. */
const maxWaitMs = 600;
const pauseMs = 25;

/** A different delivery held the signal for too long: 503, and the sender retries. */
export class ReservationHeld extends ApiError {
  constructor() {
    const message = 'Another delivery of this signal is in progress; retry.';
    super('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 1 });
  }
}

type Granted = Extract<Reservation, { kind: 'granted' }>;

/** Reserves a signal; waits briefly if it is held. Throws ReservationHeld. */
export async function reserve(deduplication: Deduplication, claim: Claim): Promise<Granted> {
  const deadline = performance.now() + maxWaitMs;
  for (;;) {
    const reservation = await deduplication.reserve(claim);
    if (reservation.kind === 'granted') return reservation;
    if (performance.now() >= deadline) throw new ReservationHeld();
    await Promise.race([delay(pauseMs * (0.5 + Math.random())), reservation.ended]);
  }
}
