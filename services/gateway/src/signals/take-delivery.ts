import type { SignalReply } from '@secureconnect/contracts';
import type { Signal } from './signal.ts';
import { duplicateOf } from './signal-reply.ts';

/** The number of signals of one delivery that are processed concurrently, and share batches. */
const lanes = 16;

interface Numbered {
  readonly index: number;
  readonly signal: Signal;
}

/**
 * Processes the signals of a delivery; those with the same fingerprint sequentially. The end of an
 * alert is ignored while a different alert with its fingerprint fires, because they share a
 * request. Replies are in the order of the signals. After a failure no further signals are begun,
 * and the error is thrown once all pending ones have ended.
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
    const outlived = outlivedOf(group);
    let fires: SignalReply | undefined;
    for (const { index, signal } of group) {
      if (failures.length > 0) return;
      if (outlived.has(index)) continue;
      try {
        const reply = await take(signal);
        replies.set(index, reply);
        if (signal.status === 'firing') fires = reply;
      } catch (error) {
        failures.push(error);
      }
    }
    if (fires === undefined) return;
    for (const index of outlived) replies.set(index, duplicateOf(fires));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
  return numbered.flatMap(({ index }) => replies.get(index) ?? []);
}

/**
 * The resolved signals of a delivery with a different alert of the same fingerprint that still
 * fires, such as that of a second container of a Pod.
 */
function outlivedOf(group: readonly Numbered[]): ReadonlySet<number> {
  if (group.length === 1) return new Set();
  const alerts = [...Map.groupBy(group, ({ signal }) => signal.alertKey).values()];
  const over = alerts.filter((signals) => signals.at(-1)?.signal.status === 'resolved');
  if (over.length === alerts.length) return new Set();
  const ends = over.flat().filter(({ signal }) => signal.status === 'resolved');
  return new Set(ends.map(({ index }) => index));
}
