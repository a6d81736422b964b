import { Alert } from '../../packages/contracts/src/index.ts';
import {
  type Database,
  isDatabaseUnavailable,
  openDatabase,
} from '../../packages/postgres/src/index.ts';
import { eventually } from '../../packages/testkit/src/index.ts';
import { signalOfAlert } from '../../services/gateway/src/alerts/from-alert.ts';
import { insertOrRepeat } from '../../services/gateway/src/stores/remediation-requests.ts';
import { askRedis } from '../support/ask-redis.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { type PlannedDelivery, webhookOf } from './plan.ts';
import type { Sender } from './sender.ts';

/** What becomes of the statement that the killed gateway had sent. */
export const crashEnds = ['its insert goes on', 'its insert is lost'] as const;
export type CrashEnd = (typeof crashEnds)[number];

export interface Crash {
  readonly gateway: GatewayProcess;
  readonly sender: Sender;
  /** Of one alert, which nobody has delivered yet. */
  readonly delivery: PlannedDelivery;
  readonly end: CrashEnd;
  readonly databaseUrl: string;
  readonly redisPort: number;
}

/** Undoes the transaction that it is thrown in. */
class Undone extends Error {}

/** A busy machine may look too late: the gateway waits for SQL for 1.5 s. */
const mostTries = 20;

/**
 * Kills a gateway between its reservation of an alert and the commit of that: a row of the same
 * fingerprint that is not committed makes its INSERT wait, and only when SQL shows that it waits, and
 * Redis that the alert is reserved, the process is killed. Then the alert is delivered until it is
 * accepted, and the gateway is started again.
 */
export async function crashBetween(crash: Crash): Promise<void> {
  const { gateway, sender, delivery, databaseUrl: url } = crash;
  await using parts = new AsyncDisposableStack();
  const blocker = openDatabase({ url, maxConnections: 1 });
  parts.defer(() => blocker.close());
  const observer = openDatabase({ url, maxConnections: 1 });
  parts.defer(() => observer.close());
  let tries = 1;
  while (!(await tryToKill(crash, blocker, observer))) {
    tries += 1;
    if (tries > mostTries) throw new Error(`no INSERT was seen to wait in ${mostTries} tries`);
  }
  await Promise.all([sender.deliver(delivery), gateway.restart()]);
}

/** Resolves to whether the gateway was killed; else its attempt had ended before that was seen. */
async function tryToKill(crash: Crash, blocker: Database, observer: Database): Promise<boolean> {
  const { gateway, sender, delivery, end } = crash;
  let isKilled = false;
  try {
    await blocker.transaction(async (sql) => {
      await insertOrRepeat(sql, blockingRow(delivery));
      const attempt = sender.attempt(gateway.url, delivery);
      const seen = eventually(() => waiting(crash, observer), { timeoutMs: 3000 });
      const backend = await Promise.race([seen, attempt.then(() => undefined)]);
      if (backend !== undefined) {
        await gateway.kill();
        isKilled = true;
        if (end === 'its insert is lost') {
          await observer.query('SELECT pg_terminate_backend($1)', [backend]);
        }
      }
      if (await attempt) throw new Error('the alert was accepted before the gateway was killed');
      throw new Undone();
    });
  } catch (error) {
    const isUndone = error instanceof Undone || (!isKilled && isDatabaseUnavailable(error));
    if (!isUndone) throw error;
  }
  return isKilled;
}

/** The backend whose INSERT waits, while Redis has the reservation. Throws where there is none. */
async function waiting(
  { delivery: { alerts }, redisPort }: Crash,
  observer: Database,
): Promise<number> {
  const [row] = await observer.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
     AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO gateway.remediation_requests%'`,
  );
  if (row === undefined) throw new Error('no INSERT waits');
  const key = `secureconnect:signal:${alerts[0]?.fingerprint}`;
  const holder = await askRedis(redisPort, `HGET ${key} holder`);
  if (holder.startsWith('$-1')) throw new Error('nobody has reserved the alert');
  return row.pid;
}

/** A row with the fingerprint of the alert, for a transaction that is undone. */
function blockingRow(delivery: PlannedDelivery) {
  const [original] = Object(webhookOf(delivery)).alerts;
  const signal = signalOfAlert(Alert.parse(original), {}, original);
  const triage = { environment: 'unknown', priority: 'P1', remediationPath: 'manual' } as const;
  const draft = { signal, triage, receivedAt: new Date() };
  return { name: 'rr-undone', fingerprint: signal.fingerprint, draft, storm: undefined };
}
