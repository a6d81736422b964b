import type { SignalReply } from '@secureconnect/contracts';
import type { Signal } from './signal.ts';

/** Signals of one delivery that are taken at once. */
const lanes = 4;

interface Numbered {
  readonly index: number;
  readonly signal: Signal;
}

/**
 * Takes the signals of a delivery, those of one fingerprint one after another in their order. The
 * replies are in the order of the signals. When one cannot be taken no more are begun, and its error
 * is thrown once nothing is under way.
 */
export async function takeDelivery(
  signals: readonly Signal[],
  take: (signal: Signal) => Promise<SignalReply>,
): Promise<SignalReply[]> {
  const numbered = signals.map((signal, index) => ({ index, signal }));
  const waiting = [...Map.groupBy(numbered, ({ signal }) => signal.fingerprint).values()];
  const replies = new Map<number, SignalReply>();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await takeInOrder(next);
    }
  };
  const takeInOrder = async (group: readonly Numbered[]): Promise<void> => {
    for (const { index, signal } of group) {
      if (failures.length > 0) return;
      try {
        replies.set(index, await take(signal));
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
  return numbered.flatMap(({ index }) => replies.get(index) ?? []);
}
