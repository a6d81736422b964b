import { randomUUID } from 'node:crypto';
import type { SignalReplies, SignalReply } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import { signalsToken } from './harness.ts';

/** An alert as Alertmanager sends it. */
export interface TestAlert {
  readonly status: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** A name that no other test has, so that none meets another's storms. */
export const ownName = (): string => `Test${randomUUID().slice(0, 8)}`;

/** A firing alert; `labels` come on top of a name of its own, a namespace and a Pod. */
export function alert(
  labels: Readonly<Record<string, unknown>> = {},
  more: Partial<Omit<TestAlert, 'labels'>> = {},
): TestAlert {
  return {
    status: 'firing',
    labels: { alertname: ownName(), namespace: 'payments', pod: 'checkout-1', ...labels },
    annotations: { summary: 'it does not answer' },
    startsAt: new Date().toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    ...more,
  };
}

/** The same alert when it is over. */
export function resolved(firing: TestAlert): TestAlert {
  return { ...firing, status: 'resolved', endsAt: new Date().toISOString() };
}

/** A delivery of Alertmanager. */
export function webhook(alerts: readonly unknown[], more: object = {}): object {
  return { version: '4', receiver: 'secureconnect', groupKey: '{}', alerts, ...more };
}

export interface Delivered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Whatever came back; its shape is what the test is about. */
  readonly body: Partial<SignalReply & SignalReplies> & {
    readonly error?: {
      readonly code: string;
      readonly message: string;
      readonly details?: readonly { readonly field: string; readonly message: string }[];
    };
  };
}

export interface DeliveryOptions {
  readonly to?: 'prometheus' | 'kubernetes-event';
  /** Undefined: none is sent. Default: the right one. */
  readonly token?: string | undefined;
  readonly contentType?: string;
  /** In the place of the body's JSON. */
  readonly text?: string;
}

/** Sends a delivery to a gateway. */
export async function deliver(
  { url }: { readonly url: string },
  body: object,
  options: DeliveryOptions = {},
): Promise<Delivered> {
  const { to = 'prometheus', contentType = 'application/json' } = options;
  const token = 'token' in options ? options.token : signalsToken;
  const response = await fetch(`${url}/api/v1/signals/${to}`, {
    method: 'POST',
    headers: {
      'content-type': contentType,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: options.text ?? JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

/** Active requests by their fingerprint. */
export async function activeRequests(database: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query<{ signal_fingerprint: string; count: string }>(
    `SELECT signal_fingerprint, count(*) FROM gateway.remediation_requests
     WHERE closed_at IS NULL GROUP BY signal_fingerprint`,
  );
  return new Map(rows.map((row) => [row.signal_fingerprint, Number(row.count)]));
}

/** The value of one line of a gateway's metrics. */
export async function metric({ url }: { readonly url: string }, line: string): Promise<number> {
  const text = await fetch(`${url}/metrics`).then((reply) => reply.text());
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  if (found === undefined) throw new Error(`there is no metric ${line}`);
  return Number(found.slice(line.length + 1));
}
