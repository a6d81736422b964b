import { Alert } from '@secureconnect/contracts';
import { type Database, isDatabaseUnavailable } from '@secureconnect/postgres';
import { createKeyspace, defaultKeyPrefix } from '@secureconnect/redis';
import { eventually } from '@secureconnect/testkit';
import { signalOfAlert } from '../../services/gateway/src/signals/from-alert.ts';
import { askRedis } from '../support/ask-redis.ts';
import { openTestDatabase } from '../support/test-database.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { type PlannedDelivery, webhookOf } from './plan.ts';
import type { Sender } from './sender.ts';

/** What becomes of the transaction whose end the killed gateway had asked for. */
export const crashEnds = ['its commit continues', 'its commit is lost'] as const;
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
 * Kills a gateway between its reservation of an alert and the commit of that: a deferred trigger makes
 * its COMMIT wait for a lock, and only when SQL shows that it waits, and Redis that the alert is
 * reserved, the process is killed. Then the alert is delivered until it is accepted, and the gateway
 * is started again.
 */
export async function crashBetween(crash: Crash): Promise<void> {
  const { gateway, sender, delivery, databaseUrl: url } = crash;
  await using parts = new AsyncDisposableStack();
  const blocker = openTestDatabase(url, { maxConnections: 1 });
  parts.defer(() => blocker.close());
  const observer = openTestDatabase(url, { maxConnections: 1 });
  parts.defer(() => observer.close());
  for (const statement of waitingCommits(delivery)) await observer.execute(statement);
  parts.defer(async () => {
    await observer.execute('DROP FUNCTION gateway.wait_for_lock CASCADE');
  });
  let tries = 1;
  while (!(await tryToKill(crash, blocker, observer))) {
    tries += 1;
    if (tries > mostTries) throw new Error(`no COMMIT was seen to wait in ${mostTries} tries`);
  }
  await Promise.all([sender.deliver(delivery), gateway.restart()]);
}

/** Resolves to whether the gateway was killed; else its attempt had ended before that was seen. */
async function tryToKill(crash: Crash, blocker: Database, observer: Database): Promise<boolean> {
  const { gateway, sender, delivery, end } = crash;
  let isKilled = false;
  try {
    await blocker.transaction(async (sql) => {
      await sql.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
      const attempt = sender.attempt(gateway.url, delivery);
      const seen = eventually(() => waiting(crash, observer), { timeoutMs: 3000 });
      const backend = await Promise.race([seen, attempt.then(() => undefined)]);
      if (backend !== undefined) {
        await gateway.kill();
        isKilled = true;
        if (end === 'its commit is lost') {
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

/** The backend whose COMMIT waits, while Redis has the reservation. Throws if there is none. */
async function waiting(
  { delivery: { alerts }, redisPort }: Crash,
  observer: Database,
): Promise<number> {
  const [row] = await observer.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
     AND wait_event_type = 'Lock' AND query = 'COMMIT'`,
  );
  if (row === undefined) throw new Error('no COMMIT waits');
  const key = createKeyspace(defaultKeyPrefix).signal(alerts[0]?.fingerprint ?? '');
  const holder = await askRedis(redisPort, `HGET ${key} holder`);
  if (holder.startsWith('$-1')) throw new Error('nobody has reserved the alert');
  return row.pid;
}

/** Nobody else locks anything by a number here. */
const lockKey = 4711;

/** What has the transaction that stores the alert wait at its end, while the lock is held. */
function waitingCommits(delivery: PlannedDelivery): string[] {
  const [original] = Object(webhookOf(delivery)).alerts;
  const { fingerprint } = signalOfAlert(Alert.parse(original), {}, original);
  return [
    `CREATE FUNCTION gateway.wait_for_lock() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN PERFORM pg_advisory_xact_lock_shared(${lockKey}); RETURN NULL; END $$`,
    `CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON gateway.remediation_requests
     DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
     WHEN (NEW.signal_fingerprint = '${fingerprint}') EXECUTE FUNCTION gateway.wait_for_lock()`,
  ];
}
