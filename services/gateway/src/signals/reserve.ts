import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@secureconnect/service';
import type { Deduplication, Reservation } from './redis/deduplication.ts';

/** Another delivery of the same signal takes as long as ours may: worth a short wait. */
const maxWaitMs = 600;
const pauseMs = 25;

/** Another delivery held the signal for too long: 503, and the sender comes again. */
export class ReservationHeld extends ApiError {
  constructor() {
    const message = 'Another delivery of this signal is in progress; retry.';
    super('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 1 });
  }
}

type Granted = Extract<Reservation, { kind: 'granted' }>;

/** Reserves a signal, waiting shortly for who holds it. Throws ReservationHeld. */
export async function reserve(
  deduplication: Deduplication,
  fingerprint: string,
  token: string,
): Promise<Granted> {
  const deadline = performance.now() + maxWaitMs;
  for (;;) {
    const reservation = await deduplication.reserve(fingerprint, token);
    if (reservation.kind === 'granted') return reservation;
    if (performance.now() >= deadline) throw new ReservationHeld();
    await delay(pauseMs * (0.5 + Math.random()));
  }
}
