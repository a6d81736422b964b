import { randomUUID } from 'node:crypto';
import { call } from '@secureconnect/testkit';
import { signalsToken } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';

/** What of a stack makes events for operators: its gateway and its database. */
export interface RunningStack {
  readonly urls: { readonly gateway: string };
  readonly databaseUrl: string;
}

/** Lets Alertmanager tell of as many pods that restart. */
export async function sendAlerts({ urls }: RunningStack, pods: number): Promise<void> {
  const startsAt = new Date().toISOString();
  const alerts = Array.from({ length: pods }, (_, pod) => ({
    status: 'firing',
    labels: {
      alertname: 'PodsRestart',
      namespace: 'shop',
      severity: 'critical',
      pod: `pod-${pod}`,
    },
    annotations: { summary: 'Pods restart without end.' },
    startsAt,
  }));
  const body = { version: '4', receiver: 'secureconnect', alerts };
  const token = signalsToken;
  const { status } = await call(urls.gateway, 'POST', '/api/v1/signals/prometheus', {
    token,
    body,
  });
  if (status !== 201) throw new Error(`the alerts were answered with ${status}`);
}

/** Leaves a mail in the outbox that was tried in vain. */
export function giveUpOneMail(stack: RunningStack): Promise<void> {
  return execute(
    stack,
    `INSERT INTO auth.outbox (effect_id, kind, idempotency_key, state, due_at, tries, finished_at,
       last_error)
     VALUES ($1::uuid, 'mail', $1::text, 'dead', now(), 12, now(), 'MAILBOX_UNAVAILABLE')`,
    [randomUUID()],
  );
}

/** Makes every sign-in ten minutes older. */
export function ageSessions(stack: RunningStack): Promise<void> {
  return execute(stack, `UPDATE auth.sessions SET created_at = created_at - interval '10 minutes'`);
}

async function execute(
  { databaseUrl }: RunningStack,
  statement: string,
  values: readonly string[] = [],
): Promise<void> {
  const database = openTestDatabase(databaseUrl, { maxConnections: 1 });
  try {
    await database.execute(statement, [...values]);
  } finally {
    await database.close();
  }
}
