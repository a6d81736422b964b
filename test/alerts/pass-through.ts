import { expect } from 'vitest';
import { aRoundAndMore, during, later, normalOperation, refusals } from './normal-operation.ts';
import type { Outage } from './outages.ts';
import { Phase, UsualPhase } from './phase.ts';
import type { ScenarioTable } from './table.ts';

/**
 * An outage from begin to end: alerts that fire meanwhile are refused, and Alertmanager brings them
 * when it is over. Writes a row for each part of it.
 */
export async function passThrough(outage: Outage, table: ScenarioTable): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const [ground, ledger] = await normalOperation(parts);
  const [lastingName, overName, backName] = outage.rows;

  await outage.begin(ground.redis);
  const beganMs = performance.now();
  const lasting = new Phase(ground);
  await ledger.post(during);
  await lasting.untilRefused(1);
  if (outage.end !== undefined) {
    await outage.settled?.(ground.redis);
    await new Phase(ground).untilRefused(2);
  }
  await table.record(lastingName, lasting.replies, await ledger.counts());
  for (const { retryAfter } of lasting.replies) expect(retryAfter).toBe('30');

  await outage.end?.(ground.redis);
  await lasting.untilTaken(1);
  const tookMs = Math.round(performance.now() - beganMs);
  using over = await UsualPhase.begin(ground);
  await ledger.post(later);
  const counts = await ledger.untilTaken();
  await over.untilTaken(aRoundAndMore);
  await table.record(overName, await over.normalReplies(), counts);

  if (backName !== undefined) {
    using back = await UsualPhase.begin(ground);
    await outage.bringBack?.(ground.redis);
    await back.untilTaken(aRoundAndMore);
    await table.record(backName, await back.normalReplies(), await ledger.untilTaken());
  }
  const count = await refusals(ground);
  table.note(`${lastingName}: Alertmanager got 503 ${count} times; taken again after ${tookMs} ms`);
}
