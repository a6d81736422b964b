import type { SignalReply } from '@secureconnect/contracts';
import type { Signal } from './signal.ts';
import { duplicateOf } from './signal-reply.ts';

/** Signals of one delivery that are taken at once. */
const lanes = 4;

interface Numbered {
  readonly index: number;
  readonly signal: Signal;
}

/**
 * Takes the signals of a delivery, those of one fingerprint one after another in their order. The end
 * of an alert is not taken where another one of its fingerprint fires on: they share a request. The
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
 * The signals that say that an alert is over while another one of the same fingerprint, such as that
 * of a second container of a Pod, fires at the end of the delivery.
 */
function outlivedOf(group: readonly Numbered[]): ReadonlySet<number> {
  if (group.length === 1) return new Set();
  const alerts = [...Map.groupBy(group, ({ signal }) => signal.alertKey).values()];
  const over = alerts.filter((signals) => signals.at(-1)?.signal.status === 'resolved');
  if (over.length === alerts.length) return new Set();
  const ends = over.flat().filter(({ signal }) => signal.status === 'resolved');
  return new Set(ends.map(({ index }) => index));
}
