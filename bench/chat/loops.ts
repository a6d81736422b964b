import { setTimeout as after } from 'node:timers/promises';
import type { Counts } from './ledger.ts';
import type { Room } from './room.ts';

/** Where things are said. */
type Speech = Pick<Room, 'say'>;

/** Sockets that speak, half of them on each instance. The smallest room has more. */
export const speakers = 8;

const pollMs = 10;

/**
 * Closed loop: each speaker says the next thing when the last was acknowledged. Resolves to the
 * deliveries a second within the window, which begins when the loop has got going.
 */
export async function closedLoop(
  room: Speech,
  counts: Counts,
  { rampMs, windowMs }: { readonly rampMs: number; readonly windowMs: number },
): Promise<number> {
  let isOver = false;
  const speak = async (sender: number): Promise<void> => {
    // A refused speaker sends no more: the count shows it.
    while (!isOver && (await room.say(sender, performance.now())));
  };
  const speaking = Promise.all(Array.from({ length: speakers }, (_, sender) => speak(sender)));
  await after(rampMs);
  const [startedMs, before] = [performance.now(), counts.arrived];
  await after(windowMs);
  const perSecond = (1000 * (counts.arrived - before)) / (performance.now() - startedMs);
  isOver = true;
  await speaking;
  return perSecond;
}

/**
 * Open loop: the speakers take turns by the clock, whatever becomes of earlier messages. What is
 * said late, because this process or the socket was busy, counts from when it was due all the same.
 */
export async function openLoop(
  room: Speech,
  { ratePerSecond, durationMs }: { readonly ratePerSecond: number; readonly durationMs: number },
): Promise<void> {
  const intervalMs = 1000 / ratePerSecond;
  const startedMs = performance.now();
  const saying: Promise<boolean>[] = [];
  for (let turn = 0; turn * intervalMs < durationMs; turn += 1) {
    const dueMs = startedMs + turn * intervalMs;
    await after(Math.max(0, dueMs - performance.now()));
    saying.push(room.say(turn % speakers, dueMs));
  }
  await Promise.all(saying);
}

/** Resolves when every delivery that is due has come, or for a while none has. */
export async function settled(counts: Counts, quietMs: number): Promise<void> {
  let [arrived, sinceMs] = [counts.arrived, performance.now()];
  while (counts.arrived < counts.due && performance.now() - sinceMs < quietMs) {
    await after(pollMs);
    if (counts.arrived !== arrived) [arrived, sinceMs] = [counts.arrived, performance.now()];
  }
}
