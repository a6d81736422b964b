import { eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { metric } from '../../services/gateway/test/deliver.ts';
import { alarms } from './alarm.ts';
import type { AlertGateway } from './gateway.ts';
import { type Ground, startGround } from './ground.ts';
import { Ledger } from './ledger.ts';
import { Phase } from './phase.ts';

/** Those that fire before something happens, those that do meanwhile, and those afterwards. */
export const [before, during, later] = [
  alarms('before', 3),
  alarms('during', 3),
  alarms('later', 3),
];

/** Deliveries of at most three groups: all of them are among these, and one is repeated. */
export const aRoundAndMore = 4;

/** Normal operation: Prometheus has fired `before`, and both gateways were sent them. */
export async function normalOperation(parts: AsyncDisposableStack): Promise<[Ground, Ledger]> {
  const ground = parts.use(await startGround([...before, ...during, ...later]));
  const ledger = new Ledger(ground);
  const phase = new Phase(ground);
  ledger.fire(before);
  await ledger.untilTaken();
  await phase.untilTaken(1);
  return [ground, ledger];
}

/**
 * Waits until the gateways, which have counted the 503 that they sent, and Alertmanager, which has
 * counted the ones that it got, say the same. Returns how many there were.
 */
export async function refusals(ground: Ground): Promise<number> {
  const { alertmanager, gateways } = ground;
  return await eventually(async () => {
    const sent = gateways.flatMap(({ replies }) => replies).filter(({ status }) => status === 503);
    const counted = await Promise.all(gateways.map(countedRefusals));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(sent.length);
    const got = await alertmanager.counted('alertmanager_notification_requests_failed_total');
    expect(got).toBe(sent.length);
    return got;
  });
}

/** Those that mean a passing fault. */
async function countedRefusals(gateway: AlertGateway): Promise<number> {
  let sum = 0;
  for (const reason of ['redis_unavailable', 'reservation_held', 'store_unavailable']) {
    sum += await metric(gateway, `gateway_requests_rejected_total{reason="${reason}"}`);
  }
  return sum;
}
